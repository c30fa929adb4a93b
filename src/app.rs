//! The document's shell and the whole route table.

use crate::components::announcer::{Announcer, LiveRegion};
use crate::pages::home::HomePage;
use crate::pages::layout::{DemoBanner, SiteFooter, SiteHeader};
use crate::pages::lazy;
use crate::pages::not_found::NotFoundPage;
use crate::pages::product::ProductPage;
use crate::pages::session::Session;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{Lazy, LazyRoute, SsrMode, path};

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

/// A page's title. The server writes it into the document as it is, so that there it must be HTML.
fn title(page: String) -> String {
    let title = if page.is_empty() { "Lectern".to_owned() } else { format!("{page} · Lectern") };
    if is_server() { title.replace('&', "&amp;").replace('<', "&lt;") } else { title }
}

/// Pages are rendered whole before the first byte goes out: right title, right status, and all of it without script.
const MODE: SsrMode = SsrMode::Async;

fn page<P: LazyRoute>() -> Lazy<P> {
    Lazy::new()
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Session::provide();
    let announcer = Announcer::new();
    provide_context(announcer);
    // Tests wait for this: from here on the page answers to script.
    Effect::new(|| _ = document().document_element().map(|html| html.set_attribute("data-hydrated", "")));

    view! {
        <Title formatter=title />
        <Router>
            <a class="skip-link" href="#main" rel="external">"Skip to content"</a>
            <SiteHeader />
            <DemoBanner />
            <FlatRoutes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=MODE />
                <Route path=path!("/sign-in") view={page::<lazy::SignInPage>()} ssr=MODE />
                <Route path=path!("/sign-up") view={page::<lazy::SignUpPage>()} ssr=MODE />
                <Route path=path!("/products/:product") view=ProductPage ssr=MODE />
                <Route path=path!("/products/:product/purchase") view={page::<lazy::PurchasePage>()} ssr=MODE />
                <Route path=path!("/checkouts/:checkout") view={page::<lazy::CheckoutPage>()} ssr=MODE />
                <Route path=path!("/purchases") view={page::<lazy::PurchasesPage>()} ssr=MODE />
                <Route path=path!("/purchases/:purchase") view={page::<lazy::ReceiptPage>()} ssr=MODE />
                <Route path=path!("/courses") view={page::<lazy::MyCoursesPage>()} ssr=MODE />
                <Route path=path!("/courses/:course") view={page::<lazy::CoursePage>()} ssr=MODE />
                <Route path=path!("/courses/:course/lessons/:lesson") view={page::<lazy::LessonPage>()} ssr=MODE />
                <Route path=path!("/admin") view={page::<lazy::OverviewPage>()} ssr=MODE />
                <Route path=path!("/admin/courses") view={page::<lazy::AdminCoursesPage>()} ssr=MODE />
                <Route path=path!("/admin/courses/new") view={page::<lazy::CourseNewPage>()} ssr=MODE />
                <Route path=path!("/admin/courses/:course/edit") view={page::<lazy::CourseEditPage>()} ssr=MODE />
                <Route path=path!("/admin/courses/:course/delete") view={page::<lazy::CourseDeletePage>()} ssr=MODE />
                <Route path=path!("/admin/sections/:section/edit") view={page::<lazy::SectionEditPage>()} ssr=MODE />
                <Route path=path!("/admin/sections/:section/delete") view={page::<lazy::SectionDeletePage>()} ssr=MODE />
                <Route path=path!("/admin/sections/:section/lessons/new") view={page::<lazy::LessonNewPage>()} ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/edit") view={page::<lazy::LessonEditPage>()} ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/move") view={page::<lazy::LessonMovePage>()} ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/delete") view={page::<lazy::LessonDeletePage>()} ssr=MODE />
                <Route path=path!("/admin/products") view={page::<lazy::AdminProductsPage>()} ssr=MODE />
                <Route path=path!("/admin/products/new") view={page::<lazy::ProductNewPage>()} ssr=MODE />
                <Route path=path!("/admin/products/:product/edit") view={page::<lazy::ProductEditPage>()} ssr=MODE />
                <Route path=path!("/admin/products/:product/delete") view={page::<lazy::ProductDeletePage>()} ssr=MODE />
                <Route path=path!("/admin/sales") view={page::<lazy::SalesPage>()} ssr=MODE />
            </FlatRoutes>
            <SiteFooter />
        </Router>
        <LiveRegion announcer />
    }
}
