//! Where sqlx's errors become ours: the one place that logs them, and the one that reads constraint names.

use crate::error::AppError;

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_) => {
                tracing::warn!(%error, "database unavailable");
                Self::Unavailable
            }
            sqlx::Error::Database(database) => of_database(database.as_ref()),
            _ => {
                tracing::error!(%error, "database error");
                Self::Internal
            }
        }
    }
}

fn of_database(error: &dyn sqlx::error::DatabaseError) -> AppError {
    if let Some(known) = error.constraint().and_then(of_constraint) {
        return known;
    }
    match error.code().as_deref() {
        // Shutting down, starting up, too many connections, statement or lock timeout, deadlock, serialisation.
        Some("57P01" | "57P02" | "57P03" | "53300" | "57014" | "55P03" | "40P01" | "40001") => {
            tracing::warn!(%error, "database unavailable");
            AppError::Unavailable
        }
        // Text that PostgreSQL cannot hold.
        Some("22021" | "22P05") => AppError::invalid("form", "This holds a character that cannot be stored."),
        _ => {
            tracing::error!(%error, constraint = error.constraint(), "database error");
            AppError::Internal
        }
    }
}

/// What a refused constraint means to a person; none where it would be our own mistake.
fn of_constraint(name: &str) -> Option<AppError> {
    Some(match name {
        "credentials_email_key" => AppError::invalid("email", "There is an account with this e-mail. Sign in instead."),
        "coupons_code_key" => AppError::invalid("code", "There is a coupon with this code already."),
        "coupons_product_id_fkey" => AppError::invalid("product", "This product is gone. Choose another."),
        "checkouts_coupon_id_fkey" => {
            AppError::refused("Somebody came with this coupon, so it stays. Switch it off instead.")
        }
        "waiting_grants_email_course_id_key" => {
            AppError::invalid("email", "This course waits for that address already.")
        }
        "users_verified_email_key" => AppError::refused("This address is confirmed as another person's already."),
        "products_price_dollars_check" => AppError::invalid("price_dollars", "This price is out of bounds."),
        "course_products_course_id_fkey" => AppError::refused("A product still holds this course."),
        "purchases_product_id_fkey" | "checkouts_product_id_fkey" => {
            AppError::refused("Somebody bought this product or is about to, so it stays. Make it private instead.")
        }
        "purchases_user_id_fkey" => AppError::refused("This person has purchases, so the account stays."),
        // The row that a write hangs on went away while it was under way.
        "user_lesson_complete_lesson_id_fkey"
        | "lesson_files_lesson_id_fkey"
        | "lesson_captions_lesson_id_fkey"
        | "uploads_lesson_id_fkey"
        | "lessons_section_id_fkey"
        | "course_sections_course_id_fkey"
        | "user_course_access_course_id_fkey"
        | "course_grants_course_id_fkey"
        | "course_grants_user_id_fkey"
        | "waiting_grants_course_id_fkey"
        | "course_products_product_id_fkey" => AppError::NotFound,
        _ => return None,
    })
}
