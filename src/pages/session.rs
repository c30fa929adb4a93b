//! Who is signed in, for every page of one visit.

use super::form::Submission;
use crate::api::session::current_viewer;
use crate::components::load::{Loading, load};
use crate::domain::user::{User, Visit};
use crate::error::AppError;
use leptos::prelude::*;

/// Asked once a page load, and again after somebody signed in or out.
#[derive(Clone, Copy)]
pub struct Session {
    visit: Loading,
    epoch: RwSignal<u32>,
}

impl Session {
    pub fn provide() -> Self {
        let epoch = RwSignal::new(0);
        let visit = load(move || epoch.get().to_string(), |_| current_viewer());
        let session = Self { visit, epoch };
        provide_context(session);
        session
    }

    pub fn expect() -> Self {
        expect_context()
    }

    /// To be read inside a Suspense.
    pub fn visit(self) -> Option<Visit> {
        self.visit.get().and_then(|visit| visit.read().ok())
    }

    pub fn user(self) -> Option<User> {
        self.visit().and_then(|visit| visit.user)
    }

    pub async fn load(self) -> Result<Visit, AppError> {
        self.visit.await.read()
    }

    /// Asks again whenever the form was answered.
    pub fn follow(self, form: Submission) {
        form.on_answer(Box::new(move |_| self.epoch.update(|epoch| *epoch += 1)));
    }
}
