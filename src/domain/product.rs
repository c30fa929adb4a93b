use super::coupon::Redeemed;
use super::id::{CourseId, ProductId};
use super::money::{Cents, price_dollars};
use super::outline::Outline;
use super::validate::{FieldErrors, Validator, description, name, picture};
use serde::{Deserialize, Serialize};

/// Whether a product stands in the storefront and can be bought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "product_status", rename_all = "lowercase"))]
#[serde(rename_all = "lowercase")]
pub enum ProductStatus {
    Public,
    #[default]
    Private,
}

impl ProductStatus {
    pub const ALL: [Self; 2] = [Self::Public, Self::Private];

    /// The value in forms, as PostgreSQL spells it.
    pub fn value(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::Private => "Private",
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Self::Public => "Stands in the storefront and can be bought.",
            Self::Private => "Hidden and not for sale; people who bought it keep their courses.",
        }
    }
}

/// A product in the storefront.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductCard {
    pub id: ProductId,
    pub name: String,
    /// The first sentences, plain.
    pub summary: String,
    pub image_url: String,
    pub price: Cents,
    pub courses: i64,
    /// Lessons that a buyer can open.
    pub lessons: i64,
    pub owned: bool,
}

/// A product's page: what it is and the outline of every course in it, as this viewer may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductPage {
    pub id: ProductId,
    pub name: String,
    /// Sanitised HTML.
    pub description_html: String,
    /// Plain text for search engines and link previews.
    pub summary: String,
    pub image_url: String,
    pub price: Cents,
    pub status: ProductStatus,
    /// Whether the viewer has bought it and was not refunded.
    pub owned: bool,
    /// What became of the code that the viewer came with.
    pub coupon: Option<Redeemed>,
    pub courses: Vec<Outline>,
}

impl ProductPage {
    /// What the viewer would pay, and the code that makes it so.
    pub fn to_pay(&self) -> (Cents, Option<&str>) {
        match &self.coupon {
            Some(Redeemed::Taken { code, price, .. }) => (*price, Some(code)),
            _ => (self.price, None),
        }
    }
}

/// A product in an admin's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRow {
    pub id: ProductId,
    pub name: String,
    pub price: Cents,
    pub status: ProductStatus,
    pub courses: i64,
    pub customers: i64,
}

/// A course that a product may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseChoice {
    pub id: CourseId,
    pub title: String,
    pub chosen: bool,
}

/// A product as an admin edits it, with every course there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductEdit {
    pub form: ProductForm,
    pub courses: Vec<CourseChoice>,
    /// Buyers who would be given a course that is put in now.
    pub customers: i64,
    pub card: ProductSketch,
}

/// What a product's card would show while its form is being filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSketch {
    /// Empty as long as nothing is typed.
    pub name: String,
    pub summary: String,
    /// Empty where a cover is drawn, or where what is typed is no address of a picture.
    pub image_url: String,
    /// None where what is typed is no price.
    pub price: Option<Cents>,
    pub courses: i64,
    /// Lessons that a buyer could open.
    pub lessons: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductForm {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub image_url: String,
    #[serde(default)]
    pub price_dollars: String,
    #[serde(default)]
    pub status: ProductStatus,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductFields {
    pub name: String,
    pub description: String,
    /// Empty where a cover is drawn instead.
    pub image_url: String,
    pub price_dollars: i32,
    pub status: ProductStatus,
}

impl ProductForm {
    pub fn validate(self) -> Result<ProductFields, FieldErrors> {
        let mut check = Validator::default();
        let name = check.field("name", name(self.name));
        let description = check.field("description", description(self.description));
        let image_url = check.field("image_url", picture(self.image_url));
        let price_dollars = check.field("price_dollars", price_dollars(&self.price_dollars));
        check.done(|| {
            Some(ProductFields {
                name: name?,
                description: description?,
                image_url: image_url?,
                price_dollars: price_dollars?,
                status: self.status,
            })
        })
    }
}
