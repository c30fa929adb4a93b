//! The document's shell and the whole route table.

use crate::islands::ready::Ready;
use crate::pages::account::{AccountPage, BecomeAdminPage, ConfirmPage};
use crate::pages::account_delete::AccountDeletePage;
use crate::pages::account_ways::AddClerkPage;
use crate::pages::admin;
use crate::pages::checkout::CheckoutPage;
use crate::pages::checkout_return::CheckoutReturnPage;
use crate::pages::course::CoursePage;
use crate::pages::courses::MyCoursesPage;
use crate::pages::home::HomePage;
use crate::pages::layout::{DemoBanner, PreviewBanner, SiteFooter, SiteHeader};
use crate::pages::lesson::LessonPage;
use crate::pages::letters::{AskForLetterPage, LetterSentPage, LinkPage, ResetPage};
use crate::pages::not_found::NotFoundPage;
use crate::pages::product::ProductPage;
use crate::pages::purchase::PurchasePage;
use crate::pages::purchases::{PurchasesPage, ReceiptPage};
use crate::pages::sign_in::SignInPage;
use crate::pages::sign_up::SignUpPage;
use crate::pages::visit::visit;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

/// The HTML document around the application.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en" data-person=visit().user.map(|user| user.id.to_string())>
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
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// What stands in a page's title element, as HTML: it is written into the document as it is.
pub fn title(page: String) -> String {
    let title = if page.is_empty() { "Lectern".to_owned() } else { format!("{page} · Lectern") };
    title.replace('&', "&amp;").replace('<', "&lt;")
}

/// Pages are rendered whole before the first byte goes out: right title, right status, and all of it without script.
const MODE: SsrMode = SsrMode::Async;

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let visit = visit();
    let (part, person) = (visit.part, visit.user.map(|user| user.id));
    view! {
        <Title formatter=title />
        <Router>
            <a class="skip-link" href="#main" rel="external">"Skip to content"</a>
            {(!part).then(|| view! { <SiteHeader /> <PreviewBanner /> <DemoBanner /> })}
            <FlatRoutes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=MODE />
                <Route path=path!("/sign-in") view=SignInPage ssr=MODE />
                <Route path=path!("/sign-up") view=SignUpPage ssr=MODE />
                <Route path=path!("/sign-in/letter") view=AskForLetterPage ssr=MODE />
                <Route path=path!("/sign-in/sent") view=LetterSentPage ssr=MODE />
                <Route path=path!("/sign-in/link") view=LinkPage ssr=MODE />
                <Route path=path!("/sign-in/reset") view=ResetPage ssr=MODE />
                <Route path=path!("/account") view=AccountPage ssr=MODE />
                <Route path=path!("/account/clerk") view=AddClerkPage ssr=MODE />
                <Route path=path!("/account/confirm") view=ConfirmPage ssr=MODE />
                <Route path=path!("/account/delete") view=AccountDeletePage ssr=MODE />
                <Route path=path!("/account/admin") view=BecomeAdminPage ssr=MODE />
                <Route path=path!("/account/join") view=admin::invite::JoinPage ssr=MODE />
                <Route path=path!("/products/:product") view=ProductPage ssr=MODE />
                <Route path=path!("/products/:product/purchase") view=PurchasePage ssr=MODE />
                <Route path=path!("/checkouts/:checkout") view=CheckoutPage ssr=MODE />
                <Route path=path!("/checkouts/:checkout/return") view=CheckoutReturnPage ssr=MODE />
                <Route path=path!("/purchases") view=PurchasesPage ssr=MODE />
                <Route path=path!("/purchases/:purchase") view=ReceiptPage ssr=MODE />
                <Route path=path!("/courses") view=MyCoursesPage ssr=MODE />
                <Route path=path!("/courses/:course") view=CoursePage ssr=MODE />
                <Route path=path!("/courses/:course/lessons/:lesson") view=LessonPage ssr=MODE />
                <Route path=path!("/admin") view=admin::overview::OverviewPage ssr=MODE />
                <Route path=path!("/admin/courses") view=admin::courses::AdminCoursesPage ssr=MODE />
                <Route path=path!("/admin/courses/new") view=admin::course_new::CourseNewPage ssr=MODE />
                <Route path=path!("/admin/courses/import") view=admin::course_import::CourseImportPage ssr=MODE />
                <Route path=path!("/admin/courses/import/:import") view=admin::import_preview::ImportPreviewPage ssr=MODE />
                <Route path=path!("/admin/courses/:course/edit") view=admin::course_edit::CourseEditPage ssr=MODE />
                <Route path=path!("/admin/courses/:course/delete") view=admin::course_delete::CourseDeletePage ssr=MODE />
                <Route path=path!("/admin/sections/:section/edit") view=admin::section_edit::SectionEditPage ssr=MODE />
                <Route path=path!("/admin/sections/:section/delete") view=admin::section_delete::SectionDeletePage ssr=MODE />
                <Route path=path!("/admin/sections/:section/lessons/new") view=admin::lesson_new::LessonNewPage ssr=MODE />
                <Route path=path!("/admin/sections/:section/lessons/bulk") view=admin::lessons_bulk::LessonsBulkPage ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/edit") view=admin::lesson_edit::LessonEditPage ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/move") view=admin::lesson_move::LessonMovePage ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/versions") view=admin::lesson_versions::LessonVersionsPage ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/draft") view=admin::lesson_draft::LessonDraftPage ssr=MODE />
                <Route path=path!("/admin/lessons/:lesson/delete") view=admin::lesson_delete::LessonDeletePage ssr=MODE />
                <Route path=path!("/admin/products") view=admin::products::AdminProductsPage ssr=MODE />
                <Route path=path!("/admin/products/new") view=admin::product_edit::ProductNewPage ssr=MODE />
                <Route path=path!("/admin/products/:product/edit") view=admin::product_edit::ProductEditPage ssr=MODE />
                <Route path=path!("/admin/products/:product/delete") view=admin::product_delete::ProductDeletePage ssr=MODE />
                <Route path=path!("/admin/coupons") view=admin::coupons::CouponsPage ssr=MODE />
                <Route path=path!("/admin/coupons/new") view=admin::coupon_edit::CouponNewPage ssr=MODE />
                <Route path=path!("/admin/coupons/:coupon/edit") view=admin::coupon_edit::CouponEditPage ssr=MODE />
                <Route path=path!("/admin/courses/:course/progress") view=admin::course_progress::CourseProgressPage ssr=MODE />
                <Route path=path!("/admin/people") view=admin::people::PeoplePage ssr=MODE />
                <Route path=path!("/admin/people/invite") view=admin::invite::InvitePage ssr=MODE />
                <Route path=path!("/admin/audit") view=admin::audit::AuditLogPage ssr=MODE />
                <Route path=path!("/admin/people/:person") view=admin::person::PersonPage ssr=MODE />
                <Route path=path!("/admin/mail") view=admin::mails::MailsPage ssr=MODE />
                <Route path=path!("/admin/sales") view=admin::sales::SalesPage ssr=MODE />
                <Route path=path!("/admin/sales/ledger") view=admin::ledger::LedgerPage ssr=MODE />
                <Route path=path!("/admin/sales/:purchase") view=admin::sale::SalePage ssr=MODE />
            </FlatRoutes>
            {(!part).then(|| view! { <SiteFooter /> })}
        </Router>
        <Ready person />
    }
}
