use super::super::field::{Checkbox, FieldText, RadioCards, TextArea, TextField};
use super::super::load::show;
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::products::{CreateProduct, GetProductEdit, UpdateProduct};
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::domain::deletion::count;
use crate::domain::product::{CourseChoice, ProductEdit, ProductForm, ProductStatus};
use crate::domain::validate::{ADDRESS_MAX, DESCRIPTION_MAX, NAME_MAX};
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ProductNewPage() -> impl IntoView {
    view! {
        <Title text="New product" />
        <AdminPage class="page page--form">
            <Breadcrumb steps=vec![("/admin/products".into(), "Products".into())] here="New product" />
            <div class="page-header"><div><h1>"New product"</h1></div></div>
            {show::<GetProductEdit>("", |product| view! { <New product /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn New(product: ProductEdit) -> impl IntoView {
    let create = FormTarget::of::<CreateProduct>();
    view! {
        <Form to=create class="form">
            <ProductFields form=product.form courses=product.courses />
            <div class="form-actions">
                <Submit>"Create product"</Submit>
                <a class="button button--quiet" href="/admin/products">"Cancel"</a>
            </div>
        </Form>
    }
    .into_any()
}

#[component]
pub fn ProductEditPage() -> impl IntoView {
    let id = params::text("product");
    view! {
        <AdminPage class="page page--form">
            {show::<GetProductEdit>(
                params::argument("id", "product"),
                move |product| view! { <Edit id product /> }.into_any(),
            )}
        </AdminPage>
    }
}

#[component]
fn Edit(id: String, product: ProductEdit) -> impl IntoView {
    let update = FormTarget::of::<UpdateProduct>();
    let name = product.form.name.clone();
    let give = (product.customers > 0).then(|| {
        let label = format!(
            "Also give courses that I add now to the {}",
            count(product.customers, "person who bought it", "people who bought it")
        );
        view! {
            <div class="choices">
                <Checkbox
                    name="give"
                    value="true".into()
                    label
                    hint="Courses that you take out are taken from nobody."
                />
            </div>
        }
    });
    view! {
        <Title text=format!("{name} · Edit") />
        <Breadcrumb steps=vec![("/admin/products".into(), "Products".into())] here=name />
        <div class="page-header">
            <div><h1>"Edit product"</h1></div>
            <a class="button" href=format!("/products/{id}")><IconView icon=Icon::Eye />"View product"</a>
        </div>
        <Form to=update class="form">
            <input type="hidden" name="id" value=id.clone() />
            <ProductFields form=product.form courses=product.courses />
            {give}
            <div class="form-actions">
                <Submit>"Save product"</Submit>
                <a class="button button--quiet" href="/admin/products">"Cancel"</a>
            </div>
        </Form>
    }
    .into_any()
}

#[component]
fn ProductFields(form: ProductForm, courses: Vec<CourseChoice>) -> impl IntoView {
    let statuses = ProductStatus::ALL.map(|status| (status.value(), status.label(), status.meaning())).to_vec();
    let none = courses.is_empty();
    let choices = courses.into_iter().map(|course| {
        view! { <Checkbox name="courses[]" value=course.id.to_string() label=course.title checked=course.chosen /> }
    });
    view! {
        <TextField text=FieldText::new("form[name]", "Name") value=form.name max=NAME_MAX />
        <TextArea
            text=FieldText::new("form[description]", "Description").optional().hint("Markdown; its beginning stands on the card.")
            value=form.description
            max=DESCRIPTION_MAX
            rows=6
        />
        <div class="form-row">
            <TextField
                text=FieldText::new("form[price_dollars]", "Price in dollars").hint("Whole dollars; 0 makes it free.")
                value=form.price_dollars
                prefix="$"
                max=12
            />
            <TextField
                text=FieldText::new("form[image_url]", "Picture address").optional().hint("Without one, a cover is drawn.")
                value=form.image_url
                max=ADDRESS_MAX
            />
        </div>
        <RadioCards name="form[status]" legend="Who can see it" options=statuses selected=form.status.value() />
        <fieldset class="field">
            <legend class="field-label">"Courses in this product"</legend>
            <p class="field-hint">
                {if none { "There is no course yet: make one first." } else { "Buyers get all of them, and lessons you add to them later." }}
            </p>
            <div class="choices">{choices.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
