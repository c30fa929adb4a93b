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

/// What a page may reach that others may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Its script loads streams of video from their hosts.
    Streams,
    /// Its form leads to the payment provider's page.
    Payment,
    /// Clerk's script signs people in on it.
    Clerk,
}

/// Lets the page reach further than others.
#[derive(Clone)]
pub struct Allow(Arc<dyn Fn(Reach) + Send + Sync>);

impl Allow {
    pub fn new(allow: impl Fn(Reach) + Send + Sync + 'static) -> Self {
        Self(Arc::new(allow))
    }

    pub fn run(&self, reach: Reach) {
        (self.0)(reach);
    }
}
