use super::head::PageHead;
use super::load::show;
use super::params;
use crate::api::catalog::GetProduct;
use crate::components::badge::{Badge, BadgeKind};
use crate::components::coupon::CouponPrice;
use crate::components::cover::Cover;
use crate::components::icon::{Icon, IconView};
use crate::components::outline::OutlineView;
use crate::domain::deletion::count;
use crate::domain::outline::Outline;
use crate::domain::product::{ProductPage as Product, ProductStatus};
use leptos::prelude::*;

/// What a product is, what it costs and what is inside.
#[component]
pub fn ProductPage() -> impl IntoView {
    view! {
        <main class="page" id="main" tabindex="-1">
            {show::<GetProduct>(params::product_and_coupon(), |product| view! { <Offer product /> }.into_any())}
        </main>
    }
}

#[component]
fn Offer(product: Product) -> impl IntoView {
    let lessons: usize = product.courses.iter().map(|course| course.lessons().count()).sum();
    let inside = match product.courses.len() {
        1 => count(lessons as i64, "lesson", "lessons"),
        n => format!("{} in {n} courses", count(lessons as i64, "lesson", "lessons")),
    };
    let courses = product.courses.clone().into_iter().map(|outline| view! { <CourseBlock outline /> });
    let draft = product.status == ProductStatus::Private;
    view! {
        <Head product=product.clone() />
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>
                <li><a href="/">"Courses"</a></li>
                <li><span aria-current="page">{product.name.clone()}</span></li>
            </ol>
        </nav>
        <div class="split">
            <header class="product-head">
                {draft.then(|| view! { <p><Badge kind=BadgeKind::Private text="Private: only you see this page" /></p> })}
                <h1>{product.name.clone()}</h1>
                <div class="prose" inner_html=product.description_html.clone()></div>
            </header>
            <aside aria-label="Buy">
                <BuyBox product inside />
            </aside>
            <section class="stack" aria-labelledby="inside">
                <h2 id="inside">"What is inside"</h2>
                {courses.collect_view()}
            </section>
        </div>
    }
    .into_any()
}

/// What search engines and link previews read.
#[component]
fn Head(product: Product) -> impl IntoView {
    let category = if product.price.is_free() { "Free" } else { "Paid" };
    let price = format!("{}.{:02}", product.price.0 / 100, product.price.0 % 100);
    let course = format!(
        r#"{{"@context":"https://schema.org","@type":"Course","name":{},"description":{},"provider":{{"@type":"Organization","name":"Lectern"}},"offers":{{"@type":"Offer","category":"{category}","price":"{price}","priceCurrency":"USD"}}}}"#,
        json_text(&product.name),
        json_text(&product.summary),
    );
    view! {
        <PageHead
            title=product.name
            description=product.summary
            path=format!("/products/{}", product.id)
            kind="product"
            image=product.image_url
        />
        <script type="application/ld+json" inner_html=course></script>
    }
}

/// A JSON string that cannot end the script element around it.
fn json_text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default().replace('<', "\\u003c")
}

#[component]
fn BuyBox(product: Product, inside: String) -> impl IntoView {
    let (to_pay, code) = product.to_pay();
    let query = code.map(|code| format!("?coupon={code}")).unwrap_or_default();
    let purchase = format!("/products/{}/purchase{query}", product.id);
    let action = if product.owned {
        let course =
            product.courses.first().map_or("/courses".to_owned(), |course| format!("/courses/{}", course.course_id));
        view! {
            <p><Badge kind=BadgeKind::Done text="You own this" /></p>
            <a class="button button--primary button--large button--block" href=course>"Go to the course"</a>
        }
        .into_any()
    } else if product.courses.is_empty() {
        view! { <p class="muted">"There is no course in it yet, so it cannot be bought."</p> }.into_any()
    } else {
        let text = if to_pay.is_free() { "Get it free".to_owned() } else { format!("Buy for {to_pay}") };
        // The gate asks the anonymous to sign in on the way: that is a page load, not a step inside the page.
        view! { <a class="button button--primary button--large button--block" href=purchase rel="external">{text}</a> }
            .into_any()
    };
    view! {
        <div class="buy-box">
            <Cover title=product.name image_url=product.image_url />
            <CouponPrice list=product.price coupon=product.coupon />
            {action}
            <ul role="list">
                <li><IconView icon=Icon::Book />{inside}</li>
                <li><IconView icon=Icon::Check />"Pay once, keep it for good"</li>
            </ul>
        </div>
    }
    .into_any()
}

#[component]
fn CourseBlock(outline: Outline) -> impl IntoView {
    let size = format!(
        "{} · {}",
        count(outline.sections.len() as i64, "section", "sections"),
        count(outline.lessons().count() as i64, "lesson", "lessons")
    );
    let few = outline.sections.len() <= 4;
    view! {
        <div class="course-block">
            <h3>{outline.title.clone()}</h3>
            <p>{size}</p>
            <OutlineView outline unfolded=few />
        </div>
    }
    .into_any()
}
