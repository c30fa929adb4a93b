use crate::domain::deletion::Deletion;
use crate::domain::id::{CourseId, ProductId};
use crate::domain::product::{ProductEdit, ProductForm, ProductRow};
use crate::error::AppError;
use leptos::prelude::*;

/// Every product with its counts, newest first.
#[server(endpoint = "admin/list_products")]
pub async fn list_products() -> Result<Vec<ProductRow>, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    Ok(db::products::list(&context::state()?.db, &admin).await?)
}

/// What a product's form starts from; without an id, that of a product to be made.
#[server(endpoint = "admin/get_product_edit")]
pub async fn get_product_edit(#[server(default)] id: Option<ProductId>) -> Result<ProductEdit, AppError> {
    use crate::server::{catalog, context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let mut product = db::products::edit(&state.db, &admin, id).await?.ok_or(AppError::NotFound)?;
    let chosen: Vec<CourseId> = product.courses.iter().filter(|course| course.chosen).map(|course| course.id).collect();
    product.card = catalog::sketch(&state, &admin, product.form.clone(), &chosen).await?;
    Ok(product)
}

/// Makes a product that holds these courses and leads to the list.
#[server(endpoint = "admin/create_product")]
pub async fn create_product(form: ProductForm, #[server(default)] courses: Vec<CourseId>) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::products::create(tx, &admin, fields, &courses).await })).await?;
    leptos_axum::redirect("/admin/products");
    Ok(())
}

/// Saves a product and its courses and leads to the list. With `give`, past buyers also get what is put in now.
#[server(endpoint = "admin/update_product")]
pub async fn update_product(
    id: ProductId,
    form: ProductForm,
    #[server(default)] courses: Vec<CourseId>,
    #[server(default)] give: bool,
) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    state
        .db
        .write(move |tx| Box::pin(async move { db::products::update(tx, &admin, id, fields, &courses, give).await }))
        .await?;
    leptos_axum::redirect("/admin/products");
    Ok(())
}

/// What goes with the product, or what forbids it.
#[server(endpoint = "admin/get_product_deletion")]
pub async fn get_product_deletion(id: ProductId) -> Result<Deletion, AppError> {
    use crate::domain::deletion::count;
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let found = db::products::deletion(&context::state()?.db, &admin, id).await?.ok_or(AppError::NotFound)?;
    let mut forbidden_by = Vec::new();
    if found.purchases > 0 {
        let sentence = format!("It was bought: {}", count(found.purchases, "purchase", "purchases"));
        forbidden_by.push((sentence, "/admin/sales".to_owned()));
    } else if found.checkouts > 0 {
        let sentence = format!("Somebody went to pay for it: {}", count(found.checkouts, "checkout", "checkouts"));
        forbidden_by.push((sentence, format!("/admin/products/{id}/edit")));
    }
    Ok(Deletion {
        name: found.name,
        goes: vec![format!("its place in the storefront, but not its {}", count(found.courses, "course", "courses"))],
        forbidden_by,
        back: "/admin/products".to_owned(),
        restorable: false,
    })
}

/// Deletes a product that nobody bought and leads to the list.
#[server(endpoint = "admin/delete_product")]
pub async fn delete_product(id: ProductId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::products::delete(tx, &admin, id).await })).await?;
    leptos_axum::redirect("/admin/products");
    Ok(())
}
