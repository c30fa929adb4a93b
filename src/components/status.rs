use crate::error::AppError;
use std::sync::Arc;

/// Gives the page's response the status of an error. Only the server provides it: in the browser there is no response.
#[derive(Clone)]
pub struct SetStatus(Arc<dyn Fn(&AppError) + Send + Sync>);

impl SetStatus {
    pub fn new(set: impl Fn(&AppError) + Send + Sync + 'static) -> Self {
        Self(Arc::new(set))
    }

    pub fn run(&self, error: &AppError) {
        (self.0)(error);
    }
}
