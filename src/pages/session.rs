//! Who is signed in, for every page of one visit.

use crate::api::session::current_viewer;
use crate::domain::user::{User, Visit};
use crate::error::AppError;
use leptos::prelude::*;

/// Asked once a page load, and again after somebody signed in or out.
#[derive(Clone, Copy)]
pub struct Session {
    visit: Resource<Result<Visit, AppError>>,
    epoch: RwSignal<u32>,
}

impl Session {
    pub fn provide() -> Self {
        let epoch = RwSignal::new(0);
        let visit = Resource::new_blocking(move || epoch.get(), |_| current_viewer());
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

    pub async fn load(self) -> Result<Visit, AppError> {
        self.visit.await
    }

    /// Asks again whenever the action ran.
    pub fn follow<S>(self, action: ServerAction<S>)
    where
        S: leptos::server_fn::ServerFn + Clone + Send + Sync + 'static,
        S::Output: Send + Sync + 'static,
        S::Error: Send + Sync + 'static,
    {
        let version = action.version();
        Effect::new(move |last: Option<usize>| {
            let now = version.get();
            if last.is_some_and(|last| last != now) {
                self.epoch.update(|epoch| *epoch += 1);
            }
            now
        });
    }
}
