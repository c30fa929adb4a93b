//! What a page says of its response. Only the server provides it: in the browser there is none.

use crate::error::AppError;
use std::sync::Arc;

/// Gives the page's response the status of an error.
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

/// Lets the page's script load streams of video from their hosts.
#[derive(Clone)]
pub struct AllowStreams(Arc<dyn Fn() + Send + Sync>);

impl AllowStreams {
    pub fn new(allow: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(allow))
    }

    pub fn run(&self) {
        (self.0)();
    }
}
