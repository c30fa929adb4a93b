//! What a coupon takes off a price: the same words decide what is shown and what is charged.

use crate::domain::coupon::{CouponRefusal, Redeemed};
use crate::domain::id::CouponId;
use crate::domain::money::Cents;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::db::{self, Db, offers::Offer};
use sqlx::PgConnection;

/// What a code that a viewer came with does to the price of a product.
pub async fn shown(db: &Db, viewer: &Viewer, offer: &Offer, code: &str) -> Result<Redeemed, AppError> {
    let found = db::coupons::find(db, code, viewer.id()).await?;
    let taken = found.as_ref().ok_or(CouponRefusal::Unknown).and_then(|coupon| coupon.redeem(offer.id));
    Ok(match (taken, &found) {
        (Ok(discount), Some(coupon)) => {
            Redeemed::Taken { code: coupon.code.clone(), discount, price: discount.of(offer.price) }
        }
        (Err(why), _) => Redeemed::Refused { code: code.to_owned(), why },
        (Ok(_), None) => return Err(AppError::Internal),
    })
}

/// The price that a buyer is to pay, and the coupon in it, which nobody else uses until the transaction ends.
///
/// # Errors
/// The coupon takes nothing off, or the price is another than the one that the buyer saw.
pub async fn agree(
    tx: &mut PgConnection,
    offer: &Offer,
    code: Option<&str>,
    seen: Option<Cents>,
) -> Result<(Cents, Option<CouponId>), AppError> {
    let agreed = match code {
        None => (offer.price, None),
        Some(code) => {
            let found = db::coupons::lock(tx, code).await?;
            let coupon = found.ok_or_else(|| AppError::refused(CouponRefusal::Unknown.words()))?;
            let discount = coupon.redeem(offer.id).map_err(|why| AppError::refused(why.words()))?;
            (discount.of(offer.price), Some(coupon.id))
        }
    };
    match seen {
        Some(seen) if seen != agreed.0 => {
            Err(AppError::refused(format!("The price is {} by now. Reload, and look at it again.", agreed.0)))
        }
        _ => Ok(agreed),
    }
}
