use super::super::field::{Checkbox, FieldText, RadioCards, TextArea, TextField};
use crate::components::icon::{Icon, IconView};
use crate::domain::cover::COVER_KINDS;
use crate::domain::deletion::count;
use crate::domain::product::{CourseChoice, ProductForm, ProductStatus};
use crate::domain::validate::{ADDRESS_MAX, DESCRIPTION_MAX, NAME_MAX};
use leptos::prelude::*;

/// So many courses are seen at a glance; among more, one searches.
const AT_A_GLANCE: usize = 6;

/// The fields of a product, to make or to edit one.
#[component]
pub fn ProductFields(form: ProductForm, courses: Vec<CourseChoice>) -> impl IntoView {
    let statuses = ProductStatus::ALL.map(|status| (status.value(), status.label(), status.meaning())).to_vec();
    view! {
        <TextField text=FieldText::new("form[name]", "Name") value=form.name max=NAME_MAX />
        <TextArea
            text=FieldText::new("form[description]", "Description").optional().hint("Markdown; its beginning stands on the card.")
            value=form.description
            max=DESCRIPTION_MAX
            rows=6
        />
        <CoursePicker courses />
        <TextField
            text=FieldText::new("form[price_dollars]", "Price in dollars").hint("Whole dollars; 0 makes it free.")
            value=form.price_dollars
            prefix="$"
            max=12
        />
        <div class="picture-field">
            <TextField
                text=FieldText::new("form[image_url]", "Picture").optional().hint("An address, or one that you choose. Without one, a cover is drawn.")
                value=form.image_url
                max=ADDRESS_MAX
            />
            <div class="cluster needs-script">
                <button class="button button--small" type="button" id="choose-picture" data-kinds=COVER_KINDS>
                    <IconView icon=Icon::Plus />
                    "Choose a picture…"
                </button>
                <button class="button button--small button--quiet" type="button" id="no-picture" hidden>"Remove picture"</button>
                <span class="form-status" role="status" id="picture-state"></span>
            </div>
        </div>
        <RadioCards name="form[status]" legend="Who can see it" options=statuses selected=form.status.value() />
    }
    .into_any()
}

/// Which courses are in it: boxes to tick and, where they are many, a search over them. What is chosen stands above.
#[component]
fn CoursePicker(courses: Vec<CourseChoice>) -> impl IntoView {
    let hint = match courses.is_empty() {
        true => "There is no course yet: make one first.",
        false => "Buyers get all of them, and lessons you add to them later.",
    };
    let search = (courses.len() > AT_A_GLANCE).then(|| {
        view! {
            <div class="picker-find">
                <input
                    class="input"
                    id="find-course"
                    type="search"
                    placeholder="Search courses"
                    aria-label="Search courses"
                    aria-controls="course-list"
                    autocomplete="off"
                />
                <span class="field-hint" role="status" id="found-courses"></span>
            </div>
        }
    });
    let choices = courses.into_iter().map(|course| {
        let class = if course.chosen { "choice" } else { "choice choice--added" };
        view! { <Checkbox class name="courses[]" value=course.id.to_string() label=course.title checked=course.chosen /> }
    });
    view! {
        <fieldset class="field picker">
            <legend class="field-label">"Courses in this product"</legend>
            <p class="field-hint">{hint}</p>
            <ul class="chips" role="list" id="chosen-courses" aria-label="Chosen courses"></ul>
            {search}
            <div class="choices picker-list" id="course-list">{choices.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

/// To give what is added also to whoever bought the product. It shows as soon as a course is ticked that was not in it.
#[component]
pub fn Offer(customers: i64) -> impl IntoView {
    let label = format!(
        "Also give the courses you add to the {}",
        count(customers, "person who bought this", "people who bought this")
    );
    view! {
        <div class="offer">
            <Checkbox
                name="give"
                value="true".into()
                label
                hint="They find them among their courses as soon as you save. Courses that you take out are taken from nobody."
            />
        </div>
    }
    .into_any()
}

/// A picture as it is, for a browser without script.
#[component]
pub fn PlainPicture(product: String) -> impl IntoView {
    view! {
        <section class="stack without-script" aria-labelledby="plain-picture">
            <h2 id="plain-picture">"Picture"</h2>
            <p class="muted">"PNG, JPEG, WebP, AVIF or GIF, at most 3 MB. Cards show its middle, 16 by 9. Save what you typed above first."</p>
            <form class="cluster" method="post" enctype="multipart/form-data" action=format!("/admin/products/{product}/cover")>
                <input class="input" type="file" name="picture" accept=COVER_KINDS required aria-label="Picture" />
                <button class="button" type="submit">"Upload picture"</button>
            </form>
        </section>
    }
    .into_any()
}

/// Where a chosen picture is cut (`public/product/picture.js`).
#[component]
pub fn CutDialog() -> impl IntoView {
    let slider = |id: &'static str, label: &'static str| {
        view! {
            <label class="cut-slider">
                <span class="field-label">{label}</span>
                <input type="range" id=id min="0" max="100" step="0.5" />
            </label>
        }
    };
    view! {
        <dialog class="dialog cut" id="cut" aria-labelledby="cut-title">
            <h2 id="cut-title">"What the card shows"</h2>
            <p class="muted">"Drag the picture into place, or use the sliders."</p>
            <canvas class="cut-frame" id="cut-frame" width="960" height="540" role="img" aria-label="The picture as the card shows it"></canvas>
            <div class="cut-sliders">
                {slider("cut-zoom", "Closer")}
                {slider("cut-x", "Left to right")}
                {slider("cut-y", "Top to bottom")}
            </div>
            <p class="field-error" role="alert" id="cut-error"></p>
            <div class="form-actions">
                <button class="button button--primary" type="button" id="cut-use">"Use this picture"</button>
                <button class="button button--quiet" type="button" id="cut-cancel">"Cancel"</button>
            </div>
        </dialog>
    }
    .into_any()
}
