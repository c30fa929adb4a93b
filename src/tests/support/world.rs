use super::app::{App, Person};
use super::builders::{Course, Lesson, Product, course, lesson, person, product, section};
use super::coupons::coupon;
use lectern::domain::id::{CheckoutId, CouponId, PurchaseId};
use lectern::server::demo;
use std::path::Path;

/// A small site with everything in it that somebody may be kept from.
pub struct World {
    pub admin: Person,
    /// Bought `product`, and is about to buy `other_product`.
    pub learner: Person,
    /// Has an account and nothing else.
    pub outsider: Person,
    /// Sold in `product`. A public section holds a public, a preview and a private lesson; a private section the same.
    pub course: Course,
    pub product: Product,
    /// Sold in `other_product`; the learner has no access to it.
    pub other_course: Course,
    pub other_product: Product,
    /// In a private product alone.
    pub unsold_course: Course,
    pub private_product: Product,
    /// In no product.
    pub loose_course: Course,
    /// The learner's.
    pub purchase: PurchaseId,
    pub checkout: CheckoutId,
    /// Takes a fifth off everything.
    pub coupon: CouponId,
}

impl World {
    pub async fn create(app: &App) -> Self {
        let statuses =
            |name| section(name).with(lesson("Paid")).with(lesson("Taster").preview()).with(lesson("Draft").private());
        let course_a = course("Sold").with(statuses("Front")).with(statuses("Back").private()).create(app).await;
        let other_course = course("Other").with(statuses("Only")).create(app).await;
        let unsold_course = course("Unsold").with(statuses("Only")).create(app).await;
        let loose_course = course("Loose").with(statuses("One")).with(statuses("Two")).create(app).await;
        let product_a = product("Bundle").of(&course_a).create(app).await;
        let other_product = product("Second").of(&other_course).create(app).await;
        let private_product = product("Secret").private().of(&unsold_course).create(app).await;
        let (admin, learner, outsider) = (
            person("Avery").admin().create(app).await,
            person("Lee").create(app).await,
            person("Olive").create(app).await,
        );
        let purchase = app.buy(&learner, product_a.id).await;
        let checkout = app.check_out(&learner, other_product.id).await;
        Self {
            admin,
            learner,
            outsider,
            course: course_a,
            product: product_a,
            other_course,
            other_product,
            unsold_course,
            private_product,
            loose_course,
            purchase,
            checkout,
            coupon: coupon(20).create(app).await.id,
        }
    }

    /// The people whom one press signs in as.
    pub async fn with_demo_people(app: &App) -> Self {
        demo::seed(&app.state.db, &app.state.files, Path::new("no such folder"))
            .await
            .expect("the demo's people are stored");
        Self::create(app).await
    }

    /// Public lesson of the sold course: for those with access.
    pub fn paid(&self) -> &Lesson {
        &self.course.sections[0].lessons[0]
    }

    pub fn taster(&self) -> &Lesson {
        &self.course.sections[0].lessons[1]
    }

    pub fn draft(&self) -> &Lesson {
        &self.course.sections[0].lessons[2]
    }
}
