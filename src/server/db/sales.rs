//! Purchases as their author sees them.

use super::Db;
use super::purchases::Row;
use crate::domain::id::{PurchaseId, RefundId};
use crate::domain::money::TotalCents;
use crate::domain::purchase::{PaymentMethod, ProductDetails};
use crate::domain::refund::DisputeStatus;
use crate::domain::sale::{Happening, Sale, SalePage, Told};
use crate::domain::sales::{Place, SaleState, SaleTotals, SalesFilter};
use crate::server::auth::Admin;
use sqlx::types::Json;
use uuid::Uuid;

/// A sale's place among those that were found, and what all of them come to.
pub struct Standing {
    pub id: PurchaseId,
    pub micros: i64,
    pub sales: i64,
    pub paid: i64,
    pub refunded: i64,
}

impl Standing {
    pub fn place(&self) -> Place {
        Place { micros: self.micros, id: self.id }
    }

    pub fn totals(&self) -> SaleTotals {
        SaleTotals { sales: self.sales, paid: TotalCents(self.paid), refunded: TotalCents(self.refunded) }
    }
}

/// The sales of a filter, newest first, from after a place on; all of them where there is no limit. What they come to
/// is summed up before the place is looked at, so that each page says the same.
///
/// The states are those of [`crate::domain::purchase::PurchaseState`].
pub async fn find(
    db: &Db,
    _: &Admin,
    filter: &SalesFilter,
    after: Option<&Place>,
    limit: Option<i64>,
) -> sqlx::Result<Vec<Standing>> {
    sqlx::query_as!(
        Standing,
        r#"with back as (
          select purchase_id, sum(amount_in_cents) as cents from returns group by purchase_id
        ), found as (
          select p.id, (extract(epoch from p.created_at) * 1000000)::bigint as micros, count(*) over () as sales,
            sum(p.price_paid_in_cents) over () as paid,
            (sum(coalesce(b.cents, 0)) over ())::bigint as refunded
          from purchases p
          join users u on u.id = p.user_id
          left join back b on b.purchase_id = p.id
          where ($1::uuid is null or p.product_id = $1)
            and ($2::text is null or p.created_at >= $2::timestamp at time zone 'utc')
            and ($3::text is null or p.created_at < ($3::timestamp + interval '1 day') at time zone 'utc')
            and ($4::text is null
              or $4 = case
                when p.refunded_at is not null then 'refunded'
                when b.cents > 0 then 'partly-refunded'
                when p.price_paid_in_cents = 0 then 'free'
                else 'paid'
              end
              or $4 = 'disputed' and p.id in (select d.purchase_id from disputes d))
            and ($5::text = ''
              or strpos(lower(u.name), lower($5)) > 0
              or strpos(lower(u.email), lower($5)) > 0
              or strpos(lower(p.product_details ->> 'name'), lower($5)) > 0
              or p.id = $6::uuid
              or p.stripe_session_id = $5
              or p.stripe_session_id in (select c.gateway_session_id from checkouts c where c.payment_intent_id = $5))
        )
        select id, micros as "micros!", sales as "sales!", paid as "paid!", refunded as "refunded!"
        from found
        where $8::uuid is null or (micros, id) < ($7::bigint, $8)
        order by micros desc, id desc
        limit $9"#,
        filter.product.map(|product| product.0),
        filter.from.map(|day| day.to_string()),
        filter.to.map(|day| day.to_string()),
        filter.state.map(SaleState::value),
        filter.search,
        filter.search.parse::<PurchaseId>().ok().map(|id| id.0),
        after.map(|place| place.micros),
        after.map(|place| place.id.0),
        limit
    )
    .fetch_all(db.pool())
    .await
}

/// A purchase with all that happened to it. The story is read first: whatever the page tells of, it counts,
/// too.
pub async fn get(db: &Db, admin: &Admin, id: PurchaseId) -> sqlx::Result<Option<SalePage>> {
    let story = story(db, id).await?;
    let Some(sale) = rows(db, admin, &[id.0]).await?.pop() else { return Ok(None) };
    let payment = sqlx::query!(
        r#"select c.payment_intent_id as "intent?", c.receipt_url as "receipt?",
          (
            select coalesce(sum(s.amount_in_cents), 0) from spoken_for s where s.purchase_id = p.id
          ) as "spoken_for!"
        from purchases p
        left join checkouts c on c.gateway_session_id = p.stripe_session_id
        where p.id = $1"#,
        id as PurchaseId
    )
    .fetch_one(db.pool())
    .await?;
    Ok(Some(SalePage {
        sale,
        payment_intent: payment.intent,
        receipt: payment.receipt,
        spoken_for: TotalCents(payment.spoken_for),
        next_refund: RefundId(Uuid::new_v4()),
        story,
    }))
}

/// What the list shows of these purchases, in their order.
pub async fn rows(db: &Db, _: &Admin, purchases: &[Uuid]) -> sqlx::Result<Vec<Sale>> {
    let rows = sqlx::query!(
        r#"select p.id, p.product_id, p.product_details as "product_details: Json<ProductDetails>",
          p.price_paid_in_cents as paid, p.refunded_at, p.created_at, p.stripe_session_id,
          (select coalesce(sum(r.amount_in_cents), 0) from returns r where r.purchase_id = p.id) as "refunded!",
          (
            select d.status from disputes d where d.purchase_id = p.id order by d.created_at desc, d.id limit 1
          ) as "dispute: DisputeStatus",
          u.id as buyer, u.name as buyer_name, u.email as buyer_email, c.payment_intent_id as "intent?"
        from unnest($1::uuid[]) with ordinality as asked (id, place)
        join purchases p on p.id = asked.id
        join users u on u.id = p.user_id
        left join checkouts c on c.gateway_session_id = p.stripe_session_id
        order by asked.place"#,
        purchases
    )
    .fetch_all(db.pool())
    .await?;
    let sales = rows.into_iter().map(|row| {
        let paid_in =
            (PaymentMethod::of(&row.stripe_session_id) != PaymentMethod::Free).then(|| row.stripe_session_id.clone());
        Sale {
            buyer: row.buyer,
            buyer_name: row.buyer_name,
            buyer_email: row.buyer_email,
            dispute: row.dispute,
            payment: row.intent.or(paid_in),
            purchase: Row {
                id: row.id,
                product_id: row.product_id,
                product_details: row.product_details,
                paid: row.paid,
                refunded: row.refunded,
                refunded_at: row.refunded_at,
                created_at: row.created_at,
                stripe_session_id: row.stripe_session_id,
            }
            .into(),
        }
    });
    Ok(sales.collect())
}

/// Everything that happened to a purchase, oldest first: one statement, whose rows spell [`Happening`].
async fn story(db: &Db, id: PurchaseId) -> sqlx::Result<Vec<Told>> {
    let rows = sqlx::query!(
        r#"with bought as (
          select p.id, p.created_at, p.price_paid_in_cents, c.id as checkout, c.created_at as opened_at,
            c.price_in_cents, c.gateway_session_id, c.payment_intent_id, c.list_price_in_cents, o.code
          from purchases p
          left join checkouts c on c.gateway_session_id = p.stripe_session_id
          left join coupons o on o.id = c.coupon_id
          where p.id = $1
        )
        select at as "at!", what as "what!: Json<Happening>"
        from (
          select 1 as turn, opened_at as at, jsonb_build_object('kind', 'checked_out', 'price', price_in_cents,
            'coupon', case when code is not null
              then jsonb_build_object('code', code, 'list_price', list_price_in_cents) end) as what
          from bought
          where opened_at is not null
          union all
          select 2, created_at, jsonb_build_object('kind', 'paid', 'amount', price_paid_in_cents) from bought
          union all
          select 3, g.created_at, jsonb_build_object('kind', 'granted', 'course', o.id, 'title', o.title)
          from course_grants g
          join courses o on o.id = g.course_id
          where g.purchase_id = $1
          union all
          select 6, g.revoked_at, jsonb_build_object('kind', 'taken_back', 'course', o.id, 'title', o.title)
          from course_grants g
          join courses o on o.id = g.course_id
          where g.purchase_id = $1 and g.revoked_at is not null
          union all
          select 5, r.created_at, jsonb_build_object('kind', 'refund', 'amount', r.amount_in_cents,
            'status', r.status, 'reason', r.reason, 'note', r.note, 'by', u.name, 'error', r.error)
          from refunds r
          left join users u on u.id = r.requested_by
          where r.purchase_id = $1
          union all
          select 5, d.created_at, jsonb_build_object('kind', 'dispute', 'amount', d.amount_in_cents,
            'status', d.status, 'reason', d.reason)
          from disputes d
          where d.purchase_id = $1
          union all
          select 7, f.created_at, jsonb_build_object('kind', 'flagged', 'flag', f.kind, 'detail', f.detail)
          from bought b
          join payment_flags f on f.checkout_id = b.checkout
          union all
          select 8, coalesce(m.sent_at, m.created_at), jsonb_build_object('kind', 'mail', 'email', m.email,
            'letter', m.letter, 'sent', m.sent_at is not null)
          from mails m
          where m.purchase_id = $1
          union all
          select 4, e.received_at, jsonb_build_object('kind', 'event', 'event', e.kind,
            'applied', e.processed_at is not null, 'error', e.error)
          from bought b
          join payment_events e on e.about in (b.gateway_session_id, b.payment_intent_id)
        ) happened
        order by at, turn"#,
        id as PurchaseId
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(|row| Told { at: row.at.into(), what: row.what.0 }).collect())
}
