//! Who buys what, pays how and asks for their money back, and who kills the server meanwhile.

use super::fake::Act;
use super::shop::{PRODUCTS, Shop};
use super::{Payments, Result};
use futures::StreamExt;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// What was acknowledged to a buyer or the admin, and must be there in the end.
#[derive(Debug, Default)]
pub struct Acknowledged {
    pub purchases: Vec<Uuid>,
    pub refunds: Vec<Uuid>,
}

/// One buyer and one product.
struct Plan {
    buyer: usize,
    product: usize,
    dice: StdRng,
}

/// Does all of it; the first checkout that cannot be opened at all is an error.
pub async fn buy(shop: &Shop, how: &Payments) -> Result<Acknowledged> {
    let mut dice = StdRng::seed_from_u64(how.seed);
    let plans: Vec<Plan> = (0..how.checkouts)
        .map(|n| Plan { buyer: n / PRODUCTS, product: n % PRODUCTS, dice: StdRng::seed_from_u64(dice.random()) })
        .collect();
    let done = AtomicUsize::new(0);
    let buying = async {
        let outcomes = futures::stream::iter(plans)
            .map(|plan| async {
                let outcome = plan.run(shop).await;
                done.fetch_add(1, Ordering::Relaxed);
                outcome
            })
            .buffer_unordered(how.par)
            .collect::<Vec<_>>();
        outcomes.await
    };
    let (outcomes, killed) = futures::join!(buying, kill(shop, how, &done, &mut dice));
    killed?;
    let mut all = Acknowledged::default();
    for outcome in outcomes {
        let one = outcome?;
        all.purchases.extend(one.purchases);
        all.refunds.extend(one.refunds);
    }
    Ok(all)
}

/// Kills each as often as is asked, at random points of the whole.
async fn kill(shop: &Shop, how: &Payments, done: &AtomicUsize, dice: &mut StdRng) -> Result<()> {
    let kills = [vec![true; how.kill_app], vec![false; how.kill_db]].concat();
    let mut points: Vec<(usize, bool)> =
        kills.into_iter().map(|server| (dice.random_range(0..how.checkouts * 9 / 10 + 1), server)).collect();
    points.sort_unstable();
    for (point, server) in points {
        while done.load(Ordering::Relaxed) < point {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if server { shop.kill_server().await? } else { shop.kill_database().await? }
    }
    Ok(())
}

impl Plan {
    async fn run(mut self, shop: &Shop) -> Result<Acknowledged> {
        let mut acknowledged = Acknowledged::default();
        let (session, checkout) = self.open(shop).await?;
        match self.dice.random_range(0..100) {
            0..3 => return Ok(acknowledged),
            3..10 => {
                let fails = self.dice.random_bool(0.3);
                shop.fake.act(Act::PayLater { session: session.clone() })?;
                self.pause(500).await;
                shop.fake.act(Act::Arrive { session: session.clone(), fails })?;
                if fails {
                    return Ok(acknowledged);
                }
            }
            _ => _ = shop.fake.act(Act::Pay { session: session.clone() })?,
        }
        let mut purchase = None;
        if self.dice.random_bool(0.5) {
            purchase = self.come_back(shop, &checkout).await;
            acknowledged.purchases.extend(purchase);
        }
        let payment_intent = shop.fake.payment_of(&session).ok_or("a paid session has a payment")?;
        match self.dice.random_range(0..100) {
            0..8 => _ = shop.fake.act(Act::Refund { payment_intent, amount: None })?,
            8..14 => _ = shop.fake.act(Act::Refund { payment_intent, amount: Some(700) })?,
            14..18 => {
                let dispute = shop.fake.act(Act::Dispute { payment_intent })?;
                self.pause(500).await;
                shop.fake.act(Act::CloseDispute { dispute, won: self.dice.random_bool(0.5) })?;
            }
            18..30 => {
                if let Some(purchase) = purchase {
                    acknowledged.refunds.extend(self.refund(shop, purchase).await);
                }
            }
            _ => {}
        }
        Ok(acknowledged)
    }

    /// Presses Buy until a page to pay at comes: the session and the checkout.
    async fn open(&mut self, shop: &Shop) -> Result<(String, String)> {
        let product = shop.products[self.product].0;
        for _ in 0..300 {
            let form = [("product", product.to_string())];
            let answer = shop.post(&shop.buyers[self.buyer], "start_checkout", &form).await;
            let session = answer.ok().filter(|answer| answer.status().is_success()).and_then(|answer| {
                let address = answer.headers().get("location")?.to_str().ok()?;
                address.rsplit_once("/pay/").map(|(_, session)| session.to_owned())
            });
            if let Some(session) = session {
                let checkout = shop.fake.checkout_of(&session).ok_or("a session belongs to a checkout")?;
                return Ok((session, checkout));
            }
            self.pause(400).await;
        }
        Err("a checkout could not be opened in two minutes".into())
    }

    /// Follows the way back once: the purchase, where it is shown.
    async fn come_back(&self, shop: &Shop, checkout: &str) -> Option<Uuid> {
        let back = shop.get(&shop.buyers[self.buyer], &format!("/checkouts/{checkout}/return")).await.ok()?;
        let address = back.headers().get("location")?.to_str().ok()?;
        address.strip_prefix("/purchases/")?.parse().ok()
    }

    /// The admin gives all or a part back, pressing twice: the refund, where it was taken.
    async fn refund(&mut self, shop: &Shop, purchase: Uuid) -> Option<Uuid> {
        let refund = Uuid::from_u128(self.dice.random());
        let amount = if self.dice.random_bool(0.5) { "" } else { "13" };
        let form =
            [("id", purchase.to_string()), ("form[refund]", refund.to_string()), ("form[amount]", amount.to_owned())];
        let press = || shop.post_as_admin("admin/refund_purchase", &form);
        let (one, other) = futures::join!(press(), press());
        let taken = [one, other].into_iter().flatten().any(|answer| answer.status().is_success());
        taken.then_some(refund)
    }

    async fn pause(&mut self, most: u64) {
        tokio::time::sleep(Duration::from_millis(self.dice.random_range(0..most))).await;
    }
}
