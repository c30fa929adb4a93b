//! What is stored, and what is asked of it.

use super::Result;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, Request, header};
use lectern::domain::file::FileKind;
use lectern::domain::id::{CourseId, FileId, LessonId, ProductId, UserId};
use lectern::domain::product::{ProductFields, ProductStatus};
use lectern::error::AppError;
use lectern::server::auth::session;
use lectern::server::context::AppState;
use lectern::server::db::files::NewFile;
use lectern::server::files::address;
use lectern::server::import::{ImportedCourse, ImportedLesson, ImportedSection, ImportedStatus};
use lectern::server::{db, demo};
use sqlx::PgConnection;
use std::sync::Arc;
use uuid::Uuid;

/// Lessons of a section, in the courses that are made here.
const SECTION: usize = 10;
/// Bytes of a lesson's Markdown, at least.
const LESSON: usize = 2_000;
/// Bytes of a film.
const FILM: usize = 200_000_000;

/// Requests that are sent in turn, over and over; both sides answer them.
pub struct Case {
    pub name: &'static str,
    pub requests: Arc<[Request<Bytes>]>,
}

/// What can be asked.
pub struct Seeded {
    pub cases: Vec<Case>,
    /// Of films, each from another second to the end.
    pub jumps: Arc<[Request<Bytes>]>,
}

/// A course that was made here, and the product it is sold in.
struct Made {
    course: CourseId,
    product: ProductId,
    lessons: Vec<LessonId>,
}

/// Stores the demo's products, a small and a large course in public products of their own, and a learner with access
/// to both; returns what is asked of them.
pub async fn seed(state: &AppState, encoding: Option<&HeaderValue>) -> Result<Seeded> {
    demo::seed(&state.db, &state.files, &state.config.settings.demo_dir).await?;
    let (user, small, large) = state.db.write(|tx| Box::pin(insert(tx))).await?;
    // Otherwise autovacuum does it sometime under load, and plans change between two turns.
    sqlx::raw_sql("analyze").execute(state.db.pool()).await?;

    let cookie = session::open(&state.db, &state.config, &HeaderMap::new(), user).await?;
    let cookie = HeaderValue::from_str(cookie.split(';').next().unwrap_or_default())?;
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    headers.extend(encoding.map(|encoding| (header::ACCEPT_ENCODING, encoding.clone())));
    let anonymous = Visitor(headers.clone());
    headers.insert(header::COOKIE, cookie);
    let learner = Visitor(headers);

    let jumps = learner.jumps(&film(state, small.lessons[0], user).await?)?.into();
    let case = |name, requests: Vec<_>| Case { name, requests: requests.into() };
    let cases = vec![
        case("home", vec![anonymous.get("/")?]),
        case("product, 12 lessons", vec![anonymous.get(&format!("/products/{}", small.product))?]),
        case("product, 500 lessons", vec![anonymous.get(&format!("/products/{}", large.product))?]),
        case("lesson of 12", learner.lessons(&small)?),
        case("lesson of 500", learner.lessons(&large)?),
        case("complete a lesson", learner.completions(&large)?),
    ];
    Ok(Seeded { cases, jumps })
}

/// Gives a lesson a film; returns its address, signed for the user.
async fn film(state: &AppState, lesson: LessonId, user: UserId) -> Result<String> {
    let (id, path) = (FileId(Uuid::new_v4()), std::env::temp_dir().join(format!("lectern-film-{}", Uuid::new_v4())));
    std::fs::write(&path, vec![7; FILM])?;
    let taken = state.files.store.copy_in(&path, id).await;
    std::fs::remove_file(path)?;
    taken?;
    let row = NewFile {
        id,
        lesson_id: lesson,
        kind: FileKind::Video,
        name: "film.mp4".to_owned(),
        content_type: "video/mp4",
        bytes: FILM as i64,
    };
    state.db.write(move |tx| Box::pin(async move { db::files::add(tx, &row).await })).await?;
    let key = state.files.key(&state.db).await?;
    Ok(address::sign(key, id, Some(user), chrono::Utc::now().timestamp()))
}

/// Who asks: the headers of every request.
struct Visitor(HeaderMap);

impl Visitor {
    fn get(&self, path: &str) -> Result<Request<Bytes>> {
        let mut request = Request::builder().uri(path).body(Bytes::new())?;
        *request.headers_mut() = self.0.clone();
        Ok(request)
    }

    fn post(&self, path: &str, form: String) -> Result<Request<Bytes>> {
        let mut request = self.get(path)?.map(|_| form.into());
        *request.method_mut() = Method::POST;
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, form);
        Ok(request)
    }

    /// Every lesson of the course.
    fn lessons(&self, made: &Made) -> Result<Vec<Request<Bytes>>> {
        made.lessons.iter().map(|lesson| self.get(&format!("/courses/{}/lessons/{lesson}", made.course))).collect()
    }

    /// A film from many seconds of it, far from each other.
    fn jumps(&self, film: &str) -> Result<Vec<Request<Bytes>>> {
        let starts = (1..=64_usize).map(|n| n * 37 % 64 * (FILM / 64));
        let from = |start: usize| {
            let mut request = self.get(film)?;
            request.headers_mut().insert(header::RANGE, HeaderValue::from_str(&format!("bytes={start}-"))?);
            Ok(request)
        };
        starts.map(from).collect()
    }

    /// Every lesson completed and later taken back, so that every turn goes on writing; not one right after the other,
    /// which would make requests under way wait for each other's row.
    fn completions(&self, made: &Made) -> Result<Vec<Request<Bytes>>> {
        let press = |lesson, done| {
            self.post("/api/complete_lesson", format!("course={}&lesson={lesson}&done={done}", made.course))
        };
        let sections = made.lessons.chunks(SECTION * 5).flat_map(|few| [(few, true), (few, false)]);
        sections.flat_map(|(few, done)| few.iter().map(move |lesson| press(lesson, done))).collect()
    }
}

async fn insert(tx: &mut PgConnection) -> std::result::Result<(UserId, Made, Made), AppError> {
    let learner = db::users::upsert_external(tx, "local|bench", "Lena Learner", "bench@demo.invalid", false).await?;
    Ok((learner, make(tx, learner, 12).await?, make(tx, learner, 500).await?))
}

/// A course of so many lessons, open to the learner and for sale to everyone.
async fn make(tx: &mut PgConnection, learner: UserId, lessons: usize) -> std::result::Result<Made, AppError> {
    let made = course(lessons);
    let course = db::imports::insert(tx, &made, &[]).await?;
    let product = db::products::seed(tx, fields(&made.title), course).await?;
    db::access::grant(tx, learner, course, None, None).await?;
    let lessons = made.sections.iter().flat_map(|section| &section.lessons);
    Ok(Made { course, product, lessons: lessons.map(|lesson| LessonId(lesson.id)).collect() })
}

fn course(lessons: usize) -> ImportedCourse {
    let numbers: Vec<usize> = (1..=lessons).collect();
    let sections = numbers.chunks(SECTION).zip(1..).map(|(numbers, n)| ImportedSection {
        id: Uuid::new_v4(),
        name: format!("Section {n}"),
        public: true,
        said: false,
        lessons: numbers.iter().map(|n| lesson(*n)).collect(),
    });
    ImportedCourse {
        id: Uuid::new_v4(),
        exported_as: None,
        title: format!("A course of {lessons} lessons"),
        description: "Made to be measured.".to_owned(),
        sections: sections.collect(),
        warnings: Vec::new(),
    }
}

fn lesson(n: usize) -> ImportedLesson {
    ImportedLesson {
        incomplete: false,
        id: Uuid::new_v4(),
        name: format!("Lesson {n} and what it is about"),
        markdown: Some(markdown(&format!("What lesson {n} is about"))),
        page_missing: false,
        status: ImportedStatus::Public,
        video_url: None,
        completes_by_watching: true,
        captions: Vec::new(),
        files: Vec::new(),
    }
}

fn fields(name: &str) -> ProductFields {
    ProductFields {
        name: name.to_owned(),
        description: markdown(name),
        image_url: String::new(),
        price_dollars: 49,
        status: ProductStatus::Public,
    }
}

/// A heading, a list, code and prose, as lessons have them.
fn markdown(heading: &str) -> String {
    let mut text = format!("## {heading}\n\n- one **thing**\n- and [another](/)\n\n");
    text.push_str("```rust\nfn main() {\n    println!(\"Hello, {}\", 42);\n}\n```\n\n");
    while text.len() < LESSON {
        text.push_str("A paragraph of prose with *some* emphasis and a bit of `code`, long enough to wrap twice.\n\n");
    }
    text
}
