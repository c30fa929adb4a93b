//! Who is signed in, for every page of one visit.

use super::form::Submission;
use super::load::{Loading, load};
use crate::api::session::CurrentViewer;
use crate::domain::user::{User, Visit};
use leptos::prelude::*;

/// Asked once a page load, and again after somebody signed in or out.
#[derive(Clone, Copy)]
pub struct Session {
    visit: Loading<Visit>,
    epoch: RwSignal<u32>,
}

impl Session {
    pub fn provide() -> Self {
        let epoch = RwSignal::new(0);
        let visit = load::<CurrentViewer>(move || format!("after={}", epoch.get()));
        let session = Self { visit, epoch };
        provide_context(session);
        session
    }

    pub fn expect() -> Self {
        expect_context()
    }

    /// To be read inside a Suspense.
    pub fn visit(self) -> Option<Visit> {
        self.visit.get().and_then(Result::ok)
    }

    pub fn user(self) -> Option<User> {
        self.visit().and_then(|visit| visit.user)
    }

    /// Asks again whenever the form was answered.
    pub fn follow(self, form: Submission) {
        form.on_answer(Box::new(move |_| self.epoch.update(|epoch| *epoch += 1)));
    }
}
