//! What there is in the end, against what Stripe remembers.

use super::Result;
use super::buyers::Acknowledged;
use super::rows::{self, Bought};
use super::shop::{PRICE, Shop};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use uuid::Uuid;

#[derive(Debug, Default)]
pub struct Found {
    paid: usize,
    bought: usize,
    /// I1: paid, and not bought.
    lost: usize,
    /// I1: bought, and not paid; or bought twice.
    duplicate: usize,
    /// I1: refunds here and at Stripe that are not the same.
    refunds_differ: usize,
    /// I2: pairs of a person and a course whose access is not what their purchases amount to.
    access_differs: usize,
    /// I3: acknowledged, and not there.
    forgotten: usize,
}

impl Found {
    pub fn holds(&self) -> bool {
        let Self { lost, duplicate, refunds_differ, access_differs, forgotten, .. } = self;
        lost + duplicate + refunds_differ + access_differs + forgotten == 0
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { paid, bought, lost, duplicate, refunds_differ, access_differs, forgotten } = self;
        write!(
            f,
            "paid={paid} bought={bought} lost={lost} duplicate={duplicate} refunds_differ={refunds_differ} \
             access_differs={access_differs} forgotten={forgotten}"
        )
    }
}

pub async fn count(shop: &Shop, acknowledged: &Acknowledged) -> Result<Found> {
    let bought: Vec<Bought> = rows::bought(&shop.pool).await?;
    let access: BTreeSet<(Uuid, Uuid)> = rows::access(&shop.pool).await?.into_iter().collect();
    let refunds: BTreeSet<Uuid> = rows::refunds(&shop.pool).await?.into_iter().collect();
    let paid: BTreeMap<String, i64> = shop.fake.paid().into_iter().map(|paid| (paid.session, paid.returned)).collect();
    let sessions: BTreeSet<&String> = bought.iter().map(|bought| &bought.session).collect();
    let purchases: BTreeSet<Uuid> = bought.iter().map(|bought| bought.id).collect();

    let mut expected = BTreeSet::new();
    let mut refunds_differ = 0;
    for one in &bought {
        let back = paid.get(&one.session).copied().unwrap_or_default();
        refunds_differ += usize::from(back != one.returned);
        let course = shop.products.iter().find(|(product, _)| product.0 == one.product).map(|(_, course)| course.0);
        if back < PRICE {
            expected.extend(course.map(|course| (one.user, course)));
        }
    }
    Ok(Found {
        paid: paid.len(),
        bought: bought.len(),
        lost: paid.keys().filter(|session| !sessions.contains(session)).count(),
        duplicate: bought.len() - sessions.len()
            + sessions.iter().filter(|session| !paid.contains_key(**session)).count(),
        refunds_differ,
        access_differs: access.symmetric_difference(&expected).count(),
        forgotten: acknowledged.purchases.iter().filter(|id| !purchases.contains(id)).count()
            + acknowledged.refunds.iter().filter(|id| !refunds.contains(id)).count(),
    })
}
