//! I2: access is what a simple model says that purchases, refunds, disputes and grants amount to, over random histories,
//! some of them at Stripe and told of late, twice and backwards.

use crate::fields;
use crate::support::fake_stripe::Act;
use crate::support::{App, Course, Person, Shop, course, lesson, person, product, section};
use lectern::domain::id::{ProductId, PurchaseId};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::PgPool;
use std::collections::BTreeSet;
use uuid::Uuid;

mod model;

use model::{Grant, Model, Purchase};

const PEOPLE: usize = 2;
const COURSES: usize = 3;
const PRODUCTS: usize = 3;
/// Dollars of what is not free.
const PRICE: i64 = 10;
/// Histories, each of up to [`STEPS`] steps.
const HISTORIES: usize = 24;
const STEPS: usize = 14;

#[derive(Debug, Clone)]
enum Step {
    Buy {
        person: usize,
        product: usize,
    },
    /// Of one of the purchases so far, counted round and round: some dollars of it, or all that is left.
    Refund {
        purchase: usize,
        dollars: Option<i64>,
    },
    /// The same at Stripe's dashboard.
    RefundAtStripe {
        purchase: usize,
        dollars: Option<i64>,
    },
    /// The bank sends the latest refund of a purchase back.
    Bounce {
        purchase: usize,
    },
    Dispute {
        purchase: usize,
    },
    /// Of the oldest that is open.
    CloseDispute {
        purchase: usize,
        won: bool,
    },
    /// Stripe's webhooks so far, the latest first, each twice.
    Tell,
    Grant {
        person: usize,
        course: usize,
    },
    /// The nth grant by hand so far, if there are so many; taken back twice, it happens once.
    Revoke {
        grant: usize,
    },
    /// The courses as bits.
    Change {
        product: usize,
        courses: u8,
        give: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..PEOPLE, 0..PRODUCTS).prop_map(|(person, product)| Step::Buy { person, product }),
        3 => (0..6_usize, part()).prop_map(|(purchase, dollars)| Step::Refund { purchase, dollars }),
        2 => (0..6_usize, part()).prop_map(|(purchase, dollars)| Step::RefundAtStripe { purchase, dollars }),
        1 => (0..6_usize).prop_map(|purchase| Step::Bounce { purchase }),
        1 => (0..6_usize).prop_map(|purchase| Step::Dispute { purchase }),
        2 => (0..6_usize, any::<bool>()).prop_map(|(purchase, won)| Step::CloseDispute { purchase, won }),
        3 => Just(Step::Tell),
        2 => (0..PEOPLE, 0..COURSES).prop_map(|(person, course)| Step::Grant { person, course }),
        2 => (0..4_usize).prop_map(|grant| Step::Revoke { grant }),
        2 => (0..PRODUCTS, 0..8_u8, any::<bool>())
            .prop_map(|(product, courses, give)| Step::Change { product, courses, give }),
    ]
}

fn part() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![Just(None), (1..=PRICE).prop_map(Some)]
}

/// The nth, counted round and round; none where there is none at all.
fn at<T>(rows: &mut [T], n: usize) -> Option<&mut T> {
    let count = rows.len();
    (count > 0).then(|| &mut rows[n % count])
}

struct Site<'a> {
    shop: &'a Shop,
    app: &'a App,
    /// How many of Stripe's events were told of.
    told: usize,
    admin: &'a Person,
    people: Vec<Person>,
    courses: Vec<Course>,
    products: Vec<ProductId>,
    model: Model,
}

impl<'a> Site<'a> {
    async fn create(shop: &'a Shop, admin: &'a Person) -> Self {
        let app = &shop.app;
        let mut courses = Vec::new();
        for _ in 0..COURSES {
            courses.push(course("Course").with(section("Only").with(lesson("Paid"))).create(app).await);
        }
        let mut products = Vec::new();
        for n in 0..PRODUCTS {
            // One that costs nothing, and each with a course of its own and the next one's.
            let dollars = if n == 0 { 0 } else { PRICE as i32 };
            let both = product("Product").dollars(dollars).of(&courses[n]).of(&courses[(n + 1) % COURSES]);
            products.push(both.create(app).await.id);
        }
        let mut people = Vec::new();
        for _ in 0..PEOPLE {
            people.push(person("Lee").create(app).await);
        }
        let model = Model {
            products: [0, 1, 2].map(|n| BTreeSet::from([n, (n + 1) % COURSES])),
            purchases: Vec::new(),
            grants: Vec::new(),
        };
        Self { shop, app, told: shop.fake.events().len(), admin, people, courses, products, model }
    }

    async fn take(&mut self, step: &Step) -> Result<(), String> {
        match *step {
            Step::Buy { person, product } => {
                let (buyer, id) = (&self.people[person], self.products[product]);
                let sold = &self.model.products[product];
                if self.model.owns(person, product) || sold.is_empty() {
                    let refused = self.app.call(buyer, "start_checkout", fields!["product" => id]).await.status;
                    return if refused == 409 { Ok(()) } else { Err(format!("buying answered {refused}")) };
                }
                let payment = match product {
                    0 => {
                        self.app.buy(buyer, id).await;
                        None
                    }
                    _ => Some(self.shop.buy(buyer, id).await),
                };
                let id = sqlx::query_scalar("select id from purchases order by created_at desc limit 1")
                    .fetch_one(&self.app.pool)
                    .await
                    .expect("the purchase is there");
                self.model.purchases.push(Purchase {
                    id: PurchaseId(id),
                    person,
                    product,
                    courses: sold.clone(),
                    payment,
                    taken: false,
                    refunds: Vec::new(),
                    disputes: Vec::new(),
                });
            }
            Step::Refund { purchase, dollars } => {
                // What Stripe has not told of yet, nobody here can reckon with.
                self.tell().await;
                let Some(purchase) = at(&mut self.model.purchases, purchase) else { return Ok(()) };
                let mut form = fields!["id" => purchase.id];
                form.extend(dollars.map(|dollars| ("form[amount]".to_owned(), dollars.to_string())));
                let answered = self.app.call(self.admin, "admin/refund_purchase", form).await.status;
                let left = purchase.left();
                match (&purchase.payment, dollars) {
                    (None, _) => purchase.taken = true,
                    (Some(_), Some(dollars)) if dollars > left => {
                        return if answered == 400 { Ok(()) } else { Err(format!("too much answered {answered}")) };
                    }
                    (Some(_), _) if left == 0 => {}
                    (Some(_), dollars) => {
                        let id = self.shop.event("refund.created")["data"]["object"]["id"].clone();
                        purchase.refunds.push((id.as_str().unwrap().to_owned(), dollars.unwrap_or(left), false));
                    }
                }
                assert_eq!(answered, 200, "a refund is answered");
            }
            Step::RefundAtStripe { purchase, dollars } => {
                let Some(purchase) = at(&mut self.model.purchases, purchase) else { return Ok(()) };
                let (Some(payment), left) = (purchase.payment.clone(), PRICE - purchase.given_back()) else {
                    return Ok(());
                };
                let act = Act::Refund { payment_intent: payment, amount: dollars.map(|dollars| dollars * 100) };
                if let Ok(id) = self.shop.fake.act(act) {
                    purchase.refunds.push((id, dollars.unwrap_or(left), false));
                }
            }
            Step::Bounce { purchase } => {
                let purchase = at(&mut self.model.purchases, purchase);
                let refund =
                    purchase.and_then(|purchase| purchase.refunds.last_mut()).filter(|(_, _, bounced)| !bounced);
                if let Some((id, _, bounced)) = refund {
                    self.shop.act(Act::FailRefund { refund: id.clone() });
                    *bounced = true;
                }
            }
            Step::Dispute { purchase } => {
                let Some(purchase) = at(&mut self.model.purchases, purchase) else { return Ok(()) };
                let Some(payment_intent) = purchase.payment.clone().filter(|_| purchase.disputes.is_empty()) else {
                    return Ok(());
                };
                purchase.disputes.push((self.shop.act(Act::Dispute { payment_intent }), None));
            }
            Step::CloseDispute { purchase, won } => {
                let purchase = at(&mut self.model.purchases, purchase);
                let open =
                    purchase.and_then(|purchase| purchase.disputes.iter_mut().find(|(_, ended)| ended.is_none()));
                if let Some((dispute, ended)) = open {
                    self.shop.act(Act::CloseDispute { dispute: dispute.clone(), won });
                    *ended = Some(won);
                }
            }
            Step::Tell => self.tell().await,
            Step::Grant { person, course } => {
                let (to, what) = (self.people[person].id, self.courses[course].id);
                let form = fields!["person" => to, "form[course]" => what];
                let has = self
                    .model
                    .grants
                    .iter()
                    .any(|had| (had.person, had.course, had.revoked) == (person, course, false));
                let answered = self.app.call(self.admin, "admin/grant_course", form).await.status;
                if has {
                    return if answered == 400 { Ok(()) } else { Err(format!("giving twice answered {answered}")) };
                }
                assert_eq!(answered, 200, "giving is answered");
                let id = sqlx::query_scalar("select id from course_grants order by created_at desc limit 1")
                    .fetch_one(&self.app.pool)
                    .await
                    .expect("the grant is there");
                self.model.grants.push(Grant { id, person, course, revoked: false });
            }
            Step::Revoke { grant } => {
                if let Some(grant) = self.model.grants.get_mut(grant) {
                    self.app.call(self.admin, "admin/revoke_grant", fields!["id" => grant.id]).await.ok();
                    grant.revoked = true;
                }
            }
            Step::Change { product, courses, give } => {
                let wanted: BTreeSet<usize> = (0..COURSES).filter(|n| courses >> n & 1 == 1).collect();
                let mut form = fields![
                    "id" => self.products[product], "give" => give, "form[name]" => "Product",
                    "form[description]" => "", "form[image_url]" => "", "form[status]" => "public",
                    "form[price_dollars]" => if product == 0 { 0 } else { PRICE },
                ];
                for (n, course) in wanted.iter().enumerate() {
                    form.push((format!("courses[{n}]"), self.courses[*course].id.to_string()));
                }
                self.app.call(self.admin, "admin/update_product", form).await.ok();
                let added: Vec<usize> = wanted.difference(&self.model.products[product]).copied().collect();
                self.model.products[product] = wanted;
                for bought in self.model.purchases.iter_mut().filter(|bought| give && bought.product == product) {
                    if !bought.refunded() {
                        bought.courses.extend(&added);
                    }
                }
            }
        }
        Ok(())
    }

    async fn tell(&mut self) {
        let events = self.shop.fake.events();
        for event in events[self.told..].iter().rev() {
            self.shop.deliver(event).await.is(200);
            self.shop.deliver(event).await.is(200);
        }
        self.told = events.len();
    }

    /// The table, and what a lesson answers, against the model.
    async fn check(&self) -> Result<(), String> {
        for (n, person) in self.people.iter().enumerate() {
            let expected = self.model.access(n);
            let mut ids: Vec<Uuid> = expected.iter().map(|course| self.courses[*course].id.0).collect();
            ids.sort_unstable();
            let stored = self.app.access_of(person.id.0).await;
            if stored != ids {
                return Err(format!("person {n} has access to {} courses, not {expected:?}", stored.len()));
            }
            for (at, course) in self.courses.iter().enumerate() {
                let lesson = course.sections[0].lessons[0].id;
                let reply =
                    self.app.call(person, "get_lesson", fields!["course" => course.id, "lesson" => lesson]).await;
                if (reply.status == 200) != expected.contains(&at) {
                    return Err(format!("person {n} is answered {} at course {at}, not {expected:?}", reply.status));
                }
            }
        }
        Ok(())
    }
}

async fn holds(shop: &Shop, admin: &Person, history: &[Step]) -> Result<(), String> {
    let mut site = Site::create(shop, admin).await;
    for (n, step) in history.iter().chain([&Step::Tell]).enumerate() {
        // What somebody else owns by now depends on what was told.
        if matches!(step, Step::Buy { .. } | Step::Change { .. }) {
            site.tell().await;
        }
        site.take(step).await.map_err(|error| format!("step {n}, {step:?}: {error}"))?;
        if site.told == site.shop.fake.events().len() {
            site.check().await.map_err(|error| format!("after step {n}, {step:?}: {error}"))?;
        }
    }
    Ok(())
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn i2_access_is_what_purchases_refunds_disputes_and_grants_amount_to(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let admin = person("Ada").admin().create(&shop.app).await;
    let mut runner = TestRunner::deterministic();
    let histories = prop::collection::vec(step(), 1..=STEPS);
    for _ in 0..HISTORIES {
        let mut history = histories.new_tree(&mut runner).expect("a history");
        let Err(mut error) = holds(&shop, &admin, &history.current()).await else { continue };
        // Down to the shortest history that still fails.
        let mut shortest = history.current();
        let mut simpler = history.simplify();
        while simpler {
            simpler = match holds(&shop, &admin, &history.current()).await {
                Err(still) => {
                    (error, shortest) = (still, history.current());
                    history.simplify()
                }
                Ok(()) => history.complicate(),
            };
        }
        panic!("{error}\n{shortest:#?}");
    }
}
