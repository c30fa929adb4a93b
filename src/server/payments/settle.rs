//! What a gateway says of a session, written down: the one way from money to a purchase and its access, and back.

use super::payment::{self, Payment, SessionState};
use crate::domain::id::{CheckoutId, PurchaseId};
use crate::domain::money::TotalCents;
use crate::domain::payment::FlagKind;
use crate::error::AppError;
use crate::server::context::AppState;
use crate::server::db;
use crate::server::db::checkouts::Agreed;
use sqlx::PgConnection;

/// What a session came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Bought(PurchaseId),
    /// Nobody has paid yet.
    Open,
    /// The money is on its way.
    UnderWay,
    /// It can be paid no more.
    Closed,
    /// What was paid is not what was agreed: nothing was given for it, and a person has to look.
    Differs,
    /// Nothing was agreed here that it belongs to.
    Unknown,
}

impl Settled {
    /// The purchase, or why there is none, to a buyer.
    pub fn purchase(self) -> Result<PurchaseId, AppError> {
        match self {
            Self::Bought(purchase) => Ok(purchase),
            Self::Open | Self::Closed => Err(AppError::refused("This payment has not gone through.")),
            Self::UnderWay => Err(AppError::refused("This payment is on its way. The course opens once it is there.")),
            Self::Differs => Err(AppError::refused("The amount paid is not the price agreed. Write to the author.")),
            Self::Unknown => Err(AppError::NotFound),
        }
    }
}

/// Asks the gateway about a session and writes down what it says, once, however often and by whomever it is called.
pub async fn settle(state: &AppState, session: &str) -> Result<Settled, AppError> {
    let payment = state.gateways.of_session(session)?.payment(&state.db, session).await?;
    state.db.write(move |tx| Box::pin(async move { apply(tx, &payment).await })).await
}

/// Writes down what a gateway said: in the order checkout, purchase, buyer, so that those who do so take turns.
pub async fn apply(tx: &mut PgConnection, payment: &Payment) -> Result<Settled, AppError> {
    let Some(agreed) = db::checkouts::lock(tx, &payment.session, payment.checkout).await? else {
        return Ok(Settled::Unknown);
    };
    match payment.state {
        SessionState::Paid => {}
        SessionState::Open => return Ok(Settled::Open),
        SessionState::UnderWay => return Ok(Settled::UnderWay),
        SessionState::Closed => {
            db::checkouts::close(tx, agreed.id).await?;
            return Ok(Settled::Closed);
        }
    }
    let Some(purchase) = record(tx, payment, &agreed).await? else { return Ok(Settled::Differs) };
    // An answer that was asked for before one that was applied already knows less than that one.
    if agreed.asked_at.is_none_or(|last| payment.asked_at >= last) {
        db::checkouts::note_asked(tx, agreed.id, payment.asked_at).await?;
        for refund in &payment.refunds {
            db::refunds::store(tx, purchase, refund).await?;
        }
        for dispute in &payment.disputes {
            db::disputes::store(tx, purchase, dispute).await?;
        }
        settle_returns(tx, agreed.id, purchase).await?;
    }
    Ok(Settled::Bought(purchase))
}

/// Brings a purchase in line with what went back of its money.
pub async fn settle_returns(tx: &mut PgConnection, checkout: CheckoutId, purchase: PurchaseId) -> Result<(), AppError> {
    if db::purchases::settle_returns(tx, purchase).await? {
        db::payment_flags::raise(tx, checkout, FlagKind::ReturnedTooMuch, "").await?;
    }
    db::mails::refunds(tx, purchase).await
}

/// The purchase of a paid session, with its access; none where the amount is not the one agreed.
async fn record(tx: &mut PgConnection, payment: &Payment, agreed: &Agreed) -> Result<Option<PurchaseId>, AppError> {
    let session = &payment.session;
    let paid = payment.amounts.paid_for(agreed.price).filter(|_| payment.currency == payment::CURRENCY);
    let Some(paid) = paid else {
        let detail = format!(
            "{} were agreed, {} {} were paid.",
            agreed.price,
            TotalCents(payment.amounts.total),
            payment.currency.to_uppercase()
        );
        tracing::error!(session, detail, "what was paid is not what was agreed");
        db::payment_flags::raise(tx, agreed.id, FlagKind::AmountDiffers, &detail).await?;
        return Ok(None);
    };
    let Some(purchase) = db::purchases::record(tx, agreed, session, paid).await? else {
        return db::purchases::by_session(tx, session).await?.ok_or(AppError::Internal).map(Some);
    };
    db::access::grant_purchase(tx, agreed.user_id, purchase, &agreed.courses).await?;
    let (intent, receipt) = (payment.payment_intent.as_deref(), payment.receipt.as_deref());
    db::checkouts::complete(tx, agreed.id, intent, receipt).await?;
    db::mails::receipt(tx, purchase).await?;
    if db::users::is_deleted(tx, agreed.user_id).await? {
        db::payment_flags::raise(tx, agreed.id, FlagKind::BuyerDeleted, "").await?;
    }
    if db::purchases::has_another(tx, agreed, purchase).await? {
        db::payment_flags::raise(tx, agreed.id, FlagKind::BoughtTwice, "").await?;
    }
    Ok(Some(purchase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::fake_stripe::Act;
    use crate::support::{Shop, person};
    use sqlx::PgPool;

    #[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
    async fn an_answer_that_comes_after_a_later_one_changes_nothing_of_what_went_back(pool: PgPool) {
        let shop = Shop::new(pool).await;
        let (_, bundle) = shop.stock().await;
        let buyer = person("Bea").create(&shop.app).await;
        let (checkout, session) = shop.check_out(&buyer, bundle.id).await;
        shop.act(Act::Pay { session: session.clone() });
        shop.come_back(&buyer, checkout).await.is(302);
        let state = &shop.app.state;
        let gateway = state.gateways.of_session(&session).expect("opened it");
        let payment_intent = shop.fake.payment_of(&session).expect("is paid");
        let refund = shop.act(Act::Refund { payment_intent, amount: None });
        let Ok(early) = gateway.payment(&state.db, &session).await else { panic!("it answers") };
        shop.act(Act::FailRefund { refund });
        settle(state, &session).await.expect("is settled");
        assert_eq!(shop.app.access_of(buyer.id.0).await.len(), 1, "the bank sent the refund back");
        state.db.write(move |tx| Box::pin(async move { apply(tx, &early).await })).await.expect("is applied");
        assert_eq!(shop.app.access_of(buyer.id.0).await.len(), 1);
    }
}
