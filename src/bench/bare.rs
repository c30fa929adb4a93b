//! The other side: the pages' addresses and the pages' SQL, answered as JSON and without anything around it.

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use lectern::domain::id::{CourseId, LessonId, ProductId};
use lectern::domain::lesson::LessonPage;
use lectern::domain::outline::Outline;
use lectern::domain::product::{ProductCard, ProductPage};
use lectern::error::AppError;
use lectern::server::auth::{Viewer, session};
use lectern::server::context::AppState;
use lectern::server::db;
use serde::Deserialize;

/// Markdown goes out as it is stored.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/products/{product}", get(product))
        .route("/courses/{course}/lessons/{lesson}", get(lesson))
        .route("/api/complete_lesson", post(complete))
        .with_state(state)
}

type Answer<T> = Result<Json<T>, StatusCode>;

async fn home(State(state): State<AppState>) -> Answer<Vec<ProductCard>> {
    let listed = db::offers::storefront(&state.db, &Viewer::Anonymous).await.map_err(failed)?;
    let card = |product: db::offers::Listed| ProductCard {
        id: product.id,
        name: product.name,
        summary: product.description,
        image_url: product.image_url,
        price: product.price,
        courses: product.courses,
        lessons: product.lessons,
        owned: product.owned,
    };
    Ok(Json(listed.into_iter().map(card).collect()))
}

async fn product(State(state): State<AppState>, Path(id): Path<ProductId>) -> Answer<ProductPage> {
    let viewer = Viewer::Anonymous;
    let offer = db::offers::offer(&state.db, id, &viewer).await.map_err(failed)?.ok_or(StatusCode::NOT_FOUND)?;
    let courses: Vec<CourseId> = offer.courses.into_iter().map(CourseId).collect();
    Ok(Json(ProductPage {
        id: offer.id,
        name: offer.name,
        description_html: offer.description,
        summary: String::new(),
        image_url: offer.image_url,
        price: offer.price,
        status: offer.status,
        owned: offer.owned,
        coupon: None,
        courses: db::outlines::load(&state.db, &courses, &viewer).await.map_err(failed)?,
    }))
}

async fn lesson(
    State(state): State<AppState>,
    Path((course, id)): Path<(CourseId, LessonId)>,
    headers: HeaderMap,
) -> Answer<(Outline, LessonPage)> {
    let viewer = session::viewer(&state.db, &state.config, &headers).await.map_err(failed)?;
    // The page asks both at a time too.
    let (outline, lesson) = tokio::try_join!(
        db::outlines::one(&state.db, course, &viewer),
        db::lessons::stored(&state.db, course, id, &viewer),
    )
    .map_err(failed)?;
    let (Some(outline), Some(lesson)) = (outline, lesson) else { return Err(StatusCode::NOT_FOUND) };
    let page = LessonPage {
        id,
        name: lesson.name,
        html: lesson.markdown.unwrap_or_default(),
        video: None,
        streams: false,
        captions: Vec::new(),
        transcripts: Vec::new(),
        attachments: String::new(),
        completed: lesson.completed,
        position: 0,
        read: 0,
        note: String::new(),
    };
    Ok(Json((outline, page)))
}

#[derive(Deserialize)]
struct Completion {
    course: CourseId,
    lesson: LessonId,
    done: bool,
}

async fn complete(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(Completion { course, lesson, done }): Form<Completion>,
) -> Answer<bool> {
    let viewer = session::viewer(&state.db, &state.config, &headers).await.map_err(failed)?;
    let learner = viewer.signed_in().map_err(failed)?.entitled(&state.db, course).await.map_err(failed)?;
    let set = state.db.write(move |tx| Box::pin(async move { db::completions::set(tx, &learner, lesson, done).await }));
    set.await.map_err(failed)?;
    Ok(Json(done))
}

fn failed(error: impl Into<AppError>) -> StatusCode {
    StatusCode::from_u16(error.into().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
