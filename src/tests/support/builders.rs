//! Rows to test with. What a viewer may be kept from holds a token of its own, so that it can be looked for in every
//! byte that is sent: `name-`, `body-`, `video-`, `file-`, `said-`, `section-`, `title-`, `about-`, `product-`, `pitch-` and the token.

use super::app::{App, Person};
use lectern::domain::id::{
    CaptionsId, CheckoutId, CourseId, FileId, LessonId, ProductId, PurchaseId, SectionId, UserId,
};
use lectern::server::db;
use uuid::Uuid;

pub fn token() -> String {
    Uuid::new_v4().simple().to_string()[..12].to_owned()
}

#[derive(Debug, Clone)]
pub struct Lesson {
    pub id: LessonId,
    pub token: String,
    pub attachment: FileId,
    pub captions: CaptionsId,
}

#[derive(Debug, Clone)]
pub struct Section {
    pub id: SectionId,
    pub token: String,
    pub lessons: Vec<Lesson>,
}

#[derive(Debug, Clone)]
pub struct Course {
    pub id: CourseId,
    pub token: String,
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone)]
pub struct Product {
    pub id: ProductId,
    pub token: String,
}

pub struct LessonBuilder {
    name: &'static str,
    status: &'static str,
}

/// A public lesson with a text, a video with captions, and an (empty) attachment.
pub fn lesson(name: &'static str) -> LessonBuilder {
    LessonBuilder { name, status: "public" }
}

impl LessonBuilder {
    pub fn preview(self) -> Self {
        Self { status: "preview", ..self }
    }

    pub fn private(self) -> Self {
        Self { status: "private", ..self }
    }
}

pub struct SectionBuilder {
    name: &'static str,
    status: &'static str,
    lessons: Vec<LessonBuilder>,
}

/// A public section without lessons.
pub fn section(name: &'static str) -> SectionBuilder {
    SectionBuilder { name, status: "public", lessons: Vec::new() }
}

impl SectionBuilder {
    pub fn private(self) -> Self {
        Self { status: "private", ..self }
    }

    pub fn with(mut self, lesson: LessonBuilder) -> Self {
        self.lessons.push(lesson);
        self
    }

    pub fn with_lessons(mut self, count: usize) -> Self {
        self.lessons.extend((0..count).map(|_| lesson("Lesson")));
        self
    }
}

pub struct CourseBuilder {
    title: &'static str,
    sections: Vec<SectionBuilder>,
}

/// A course without sections.
pub fn course(title: &'static str) -> CourseBuilder {
    CourseBuilder { title, sections: Vec::new() }
}

impl CourseBuilder {
    pub fn with(mut self, section: SectionBuilder) -> Self {
        self.sections.push(section);
        self
    }

    pub async fn create(self, app: &App) -> Course {
        let (id, token) = (Uuid::new_v4(), token());
        sqlx::query("insert into courses (id, title, description) values ($1, $2, $3)")
            .bind(id)
            .bind(format!("{} title-{token}", self.title))
            .bind(format!("About it: about-{token}"))
            .execute(&app.pool)
            .await
            .expect("the course is stored");
        let mut sections = Vec::new();
        for (order, section) in (0_i32..).zip(self.sections) {
            sections.push(section.create(app, id, order).await);
        }
        Course { id: CourseId(id), token, sections }
    }
}

impl SectionBuilder {
    async fn create(self, app: &App, course: Uuid, order: i32) -> Section {
        let (id, token) = (Uuid::new_v4(), token());
        sqlx::query(
            r#"insert into course_sections (id, course_id, name, status, "order")
            values ($1, $2, $3, $4::course_section_status, $5)"#,
        )
        .bind(id)
        .bind(course)
        .bind(format!("{} section-{token}", self.name))
        .bind(self.status)
        .bind(order)
        .execute(&app.pool)
        .await
        .expect("the section is stored");
        let mut lessons = Vec::new();
        for (order, lesson) in (0_i32..).zip(self.lessons) {
            lessons.push(lesson.create(app, id, order).await);
        }
        Section { id: SectionId(id), token, lessons }
    }
}

impl LessonBuilder {
    async fn create(self, app: &App, section: Uuid, order: i32) -> Lesson {
        let (id, token) = (Uuid::new_v4(), token());
        let (attachment, captions) = (Uuid::new_v4(), Uuid::new_v4());
        sqlx::query(
            r#"with lesson as (
              insert into lessons (id, section_id, name, description, video_url, status, "order")
              values ($1, $2, $3, $4, $5, $6::lesson_status, $7)
              returning id
            ), file as (
              insert into lesson_files (id, lesson_id, kind, name, content_type, bytes)
              select $10, id, 'attachment', $8, 'application/pdf', 0 from lesson
            )
            insert into lesson_captions (id, lesson_id, language, vtt) select $11, id, 'en', $9 from lesson"#,
        )
        .bind(id)
        .bind(section)
        .bind(format!("{} name-{token}", self.name))
        .bind(format!("# Read\n\nThe text body-{token}.\n"))
        .bind(format!("https://video.example/video-{token}.mp4"))
        .bind(self.status)
        .bind(order)
        .bind(format!("file-{token}.pdf"))
        .bind(format!("WEBVTT\n\n00:00:00.000 --> 00:00:09.000\nsaid-{token}\n"))
        .bind(attachment)
        .bind(captions)
        .execute(&app.pool)
        .await
        .expect("the lesson is stored");
        Lesson { id: LessonId(id), token, attachment: FileId(attachment), captions: CaptionsId(captions) }
    }
}

impl Course {
    pub fn lessons(&self) -> impl Iterator<Item = &Lesson> {
        self.sections.iter().flat_map(|section| &section.lessons)
    }

    pub fn lesson_path(&self, lesson: &Lesson) -> String {
        format!("/courses/{}/lessons/{}", self.id, lesson.id)
    }
}

pub struct ProductBuilder {
    name: &'static str,
    status: &'static str,
    dollars: i32,
    courses: Vec<CourseId>,
}

/// A public product for $49.
pub fn product(name: &'static str) -> ProductBuilder {
    ProductBuilder { name, status: "public", dollars: 49, courses: Vec::new() }
}

impl ProductBuilder {
    pub fn private(self) -> Self {
        Self { status: "private", ..self }
    }

    pub fn dollars(self, dollars: i32) -> Self {
        Self { dollars, ..self }
    }

    pub fn of(mut self, course: &Course) -> Self {
        self.courses.push(course.id);
        self
    }

    pub async fn create(self, app: &App) -> Product {
        let (id, token) = (Uuid::new_v4(), token());
        sqlx::query(
            "insert into products (id, name, description, image_url, price_dollars, status)
            values ($1, $2, $3, '', $4, $5::product_status)",
        )
        .bind(id)
        .bind(format!("{} product-{token}", self.name))
        .bind(format!("Buy it: pitch-{token}"))
        .bind(self.dollars)
        .bind(self.status)
        .execute(&app.pool)
        .await
        .expect("the product is stored");
        for course in self.courses {
            sqlx::query("insert into course_products (product_id, course_id) values ($1, $2)")
                .bind(id)
                .bind(course.0)
                .execute(&app.pool)
                .await
                .expect("the course is put in");
        }
        Product { id: ProductId(id), token }
    }
}

pub struct PersonBuilder {
    name: &'static str,
    admin: bool,
}

/// Somebody with an account and a session.
pub fn person(name: &'static str) -> PersonBuilder {
    PersonBuilder { name, admin: false }
}

impl PersonBuilder {
    pub fn admin(self) -> Self {
        Self { admin: true, ..self }
    }

    pub async fn create(self, app: &App) -> Person {
        let id = Uuid::new_v4();
        let email = format!("{}-{}@example.org", self.name.to_lowercase(), token());
        sqlx::query(
            "insert into users (id, clerk_user_id, name, email, role)
            values ($1, 'local|' || $1, $2, $3, case when $4 then 'admin' else 'user' end::user_role)",
        )
        .bind(id)
        .bind(self.name)
        .bind(&email)
        .bind(self.admin)
        .execute(&app.pool)
        .await
        .expect("the person is stored");
        app.session(UserId(id), &email).await
    }
}

impl App {
    /// Gives a person access to a course by hand.
    pub async fn give(&self, person: &Person, course: &Course) {
        let (user, course) = (person.id, course.id);
        self.state
            .db
            .write(move |tx| Box::pin(async move { db::access::grant(tx, user, course, None, Some("by hand")).await }))
            .await
            .expect("access is granted");
    }

    /// Opens a checkout for something that costs money.
    pub async fn check_out(&self, buyer: &Person, product: ProductId) -> CheckoutId {
        let reply = self.call(buyer, "start_checkout", crate::fields!["product" => product]).await;
        reply.ok().led_to("/checkouts/").parse().expect("a checkout's id")
    }

    /// Buys something, for money or for nothing.
    pub async fn buy(&self, buyer: &Person, product: ProductId) -> PurchaseId {
        let mut reply = self.call(buyer, "start_checkout", crate::fields!["product" => product]).await;
        if let Some(checkout) = reply.ok().location().strip_prefix("/checkouts/") {
            reply = self.call(buyer, "pay_demo_checkout", crate::fields!["id" => checkout]).await;
        }
        reply.ok().led_to("/purchases/").parse().expect("a purchase's id")
    }
}
