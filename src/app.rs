//! The document's shell and the whole route table.

use crate::components::announcer::{Announcer, LiveRegion};
use crate::pages::admin::course_delete::CourseDeletePage;
use crate::pages::admin::course_edit::CourseEditPage;
use crate::pages::admin::course_new::CourseNewPage;
use crate::pages::admin::courses::AdminCoursesPage;
use crate::pages::admin::lesson_delete::LessonDeletePage;
use crate::pages::admin::lesson_edit::LessonEditPage;
use crate::pages::admin::lesson_move::LessonMovePage;
use crate::pages::admin::lesson_new::LessonNewPage;
use crate::pages::admin::overview::OverviewPage;
use crate::pages::admin::product_delete::ProductDeletePage;
use crate::pages::admin::product_edit::{ProductEditPage, ProductNewPage};
use crate::pages::admin::products::AdminProductsPage;
use crate::pages::admin::sales::SalesPage;
use crate::pages::admin::section_delete::SectionDeletePage;
use crate::pages::admin::section_edit::SectionEditPage;
use crate::pages::checkout::CheckoutPage;
use crate::pages::course::CoursePage;
use crate::pages::courses::MyCoursesPage;
use crate::pages::home::HomePage;
use crate::pages::layout::{DemoBanner, SiteFooter, SiteHeader};
use crate::pages::lesson::LessonPage;
use crate::pages::not_found::NotFoundPage;
use crate::pages::product::ProductPage;
use crate::pages::purchase::PurchasePage;
use crate::pages::purchases::{PurchasesPage, ReceiptPage};
use crate::pages::session::Session;
use crate::pages::sign_in::SignInPage;
use crate::pages::sign_up::SignUpPage;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The HTML document around the application.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="preload" href="/fonts/figtree.woff2" r#as="font" type="font/woff2" crossorigin="anonymous" />
                <link
                    rel="preload"
                    href="/fonts/source-serif-600.woff2"
                    r#as="font"
                    type="font/woff2"
                    crossorigin="anonymous"
                />
                <HashedStylesheet options=options.clone() id="style" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Pages are rendered whole before the first byte goes out: right title, right status, and all of it without script.
const MODE: SsrMode = SsrMode::Async;

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Session::provide();
    let announcer = Announcer::new();
    provide_context(announcer);
    // Tests wait for this: from here on the page answers to script.
    Effect::new(|| _ = document().document_element().map(|html| html.set_attribute("data-hydrated", "")));

    view! {
        <Title formatter=|title: String| if title.is_empty() { "Lectern".into() } else { format!("{title} · Lectern") } />
        <Router>
            <a class="skip-link" href="#main" rel="external">"Skip to content"</a>
            <SiteHeader />
            <DemoBanner />
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=MODE />
                <Route path=path!("/sign-in") view=SignInPage ssr=MODE />
                <Route path=path!("/sign-up") view=SignUpPage ssr=MODE />
                <Route path=path!("/products/:product") view=ProductPage ssr=MODE />
                <Route path=path!("/products/:product/purchase") view=PurchasePage ssr=MODE />
                <Route path=path!("/checkouts/:checkout") view=CheckoutPage ssr=MODE />
                <Route path=path!("/purchases") view=PurchasesPage ssr=MODE />
                <Route path=path!("/purchases/:purchase") view=ReceiptPage ssr=MODE />
                <Route path=path!("/courses") view=MyCoursesPage ssr=MODE />
                <Route path=path!("/courses/:course") view=CoursePage ssr=MODE />
                <Route path=path!("/courses/:course/lessons/:lesson") view=LessonPage ssr=MODE />
                <Route path=path!("/admin") view=OverviewPage ssr=MODE />
                <Route path=path!("/admin/courses") view=AdminCoursesPage ssr=MODE />
                <Route path=path!("/admin/courses/new") view=CourseNewPage ssr=MODE />
                <Route path=path!("/admin/courses/:course/edit") view=CourseEditPage ssr=MODE />
                <Route path=path!("/admin/courses/:course/delete") view=CourseDeletePage ssr=MODE />
                <Route path=path!("/admin/sections/:section/edit") view=SectionEditPage ssr=MODE />
                <Route path=path!("/admin/sections/:section/delete") view=SectionDeletePage ssr=MODE />
                <Route path=path!("/admin/sections/:section/lessons/new") view=LessonNewPage ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/edit") view=LessonEditPage ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/move") view=LessonMovePage ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/delete") view=LessonDeletePage ssr=MODE />
                <Route path=path!("/admin/products") view=AdminProductsPage ssr=MODE />
                <Route path=path!("/admin/products/new") view=ProductNewPage ssr=MODE />
                <Route path=path!("/admin/products/:product/edit") view=ProductEditPage ssr=MODE />
                <Route path=path!("/admin/products/:product/delete") view=ProductDeletePage ssr=MODE />
                <Route path=path!("/admin/sales") view=SalesPage ssr=MODE />
            </Routes>
            <SiteFooter />
        </Router>
        <LiveRegion announcer />
    }
}
