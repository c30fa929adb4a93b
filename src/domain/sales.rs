//! The list of sales: which of them, what they come to, and which part of it.

use super::file::encoded;
use super::id::{ProductId, PurchaseId};
use super::money::TotalCents;
use super::sale::Sale;
use super::time::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What the list can be narrowed to. All but the last are told apart by [`super::purchase::PurchaseState`]; a disputed
/// sale is one of those, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaleState {
    Paid,
    Free,
    PartlyRefunded,
    Refunded,
    /// Whatever came of the dispute.
    Disputed,
}

impl SaleState {
    pub const ALL: [Self; 5] = [Self::Paid, Self::Free, Self::PartlyRefunded, Self::Refunded, Self::Disputed];

    /// The value in addresses, and in the statement that finds sales.
    pub fn value(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Free => "free",
            Self::PartlyRefunded => "partly-refunded",
            Self::Refunded => "refunded",
            Self::Disputed => "disputed",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Paid => "Paid",
            Self::Free => "Free",
            Self::PartlyRefunded => "Partly refunded",
            Self::Refunded => "Refunded",
            Self::Disputed => "Disputed",
        }
    }
}

/// Which sales.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SalesFilter {
    /// A part of the buyer's name or e-mail or of the product's name when it was bought, whatever the letters' case; or
    /// the whole id of the purchase or its payment. Empty for all.
    pub search: String,
    pub product: Option<ProductId>,
    pub state: Option<SaleState>,
    /// The first day, in UTC.
    pub from: Option<Date>,
    /// The last day, in UTC.
    pub to: Option<Date>,
}

impl SalesFilter {
    /// The query of an address that says this, with its question mark; empty where there is nothing to say.
    pub fn query(&self, after: Option<&Place>) -> String {
        let search = (!self.search.is_empty()).then(|| format!("q={}", encoded(&self.search)));
        let product = self.product.map(|product| format!("product={product}"));
        let state = self.state.map(|state| format!("state={}", state.value()));
        let from = self.from.map(|day| format!("from={day}"));
        let to = self.to.map(|day| format!("to={day}"));
        let after = after.map(|place| format!("after={place}"));
        let said: Vec<String> = [search, product, state, from, to, after].into_iter().flatten().collect();
        if said.is_empty() { String::new() } else { format!("?{}", said.join("&")) }
    }
}

/// Where a sale stands among the others. A page goes on after a place and not after a number of rows: what is sold
/// meanwhile moves nothing across its edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// When it was sold, in microseconds since 1970.
    pub micros: i64,
    pub id: PurchaseId,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.id, self.micros)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (id, micros) = text.split_once('.').ok_or(())?;
        Ok(Self { micros: micros.parse().map_err(|_| ())?, id: id.parse().map_err(|_| ())? })
    }
}

/// What an address says of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesForm {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub product: String,
    #[serde(default)]
    pub state: String,
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub after: String,
}

impl SalesForm {
    /// None where it says what cannot be.
    pub fn parse(self) -> Option<(SalesFilter, Option<Place>)> {
        let state = match self.state.as_str() {
            "" | "all" => None,
            text => Some(SaleState::ALL.into_iter().find(|state| state.value() == text)?),
        };
        // No name, no e-mail and no id is longer.
        let search = self.q.trim().chars().take(254).collect();
        let filter =
            SalesFilter { search, product: said(&self.product)?, state, from: said(&self.from)?, to: said(&self.to)? };
        Some((filter, said(&self.after)?))
    }

    /// Whether its first day comes after its last, so that there is none.
    pub fn is_backwards(&self) -> bool {
        matches!((self.from.parse::<Date>(), self.to.parse::<Date>()), (Ok(from), Ok(to)) if from > to)
    }
}

/// What a field says, where it says something; none where that cannot be.
fn said<T: FromStr>(text: &str) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

/// What all sales that were found come to, on all pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleTotals {
    pub sales: i64,
    pub paid: TotalCents,
    /// Money of these purchases that went back, whenever it did.
    pub refunded: TotalCents,
}

impl SaleTotals {
    pub fn net(&self) -> TotalCents {
        TotalCents(self.paid.0 - self.refunded.0)
    }
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesList {
    pub totals: SaleTotals,
    /// Newest first.
    pub rows: Vec<Sale>,
    /// The query of the next page's address.
    pub next: Option<String>,
    /// The query of the whole list's address, from its start.
    pub query: String,
    /// Every product.
    pub products: Vec<(ProductId, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

    #[test]
    fn an_address_says_the_sales_and_is_read_again() {
        let filter = SalesFilter {
            search: "é & co".into(),
            product: ID.parse().ok(),
            state: Some(SaleState::PartlyRefunded),
            from: "2026-01-31".parse().ok(),
            to: "2026-02-01".parse().ok(),
        };
        let place = Place { micros: 1_764_000_000_123_456, id: ID.parse().expect("an id") };
        let query = filter.query(Some(&place));
        assert_eq!(
            query,
            format!(
                "?q=%C3%A9%20%26%20co&product={ID}&state=partly-refunded&from=2026-01-31&to=2026-02-01\
                 &after={ID}.1764000000123456"
            )
        );
        let form = SalesForm {
            q: " é & co ".into(),
            product: ID.into(),
            state: "partly-refunded".into(),
            from: "2026-01-31".into(),
            to: "2026-02-01".into(),
            after: place.to_string(),
        };
        assert!(!form.is_backwards());
        assert_eq!(form.parse(), Some((filter, Some(place))));
        assert_eq!(SalesFilter::default().query(None), "");
        assert_eq!(SalesForm::default().parse(), Some((SalesFilter::default(), None)));
    }

    #[test]
    fn an_address_that_says_what_cannot_be_is_none() {
        for (field, text) in [
            ("product", "all"),
            ("state", "sold"),
            ("from", "yesterday"),
            ("from", "2026-02-30"),
            ("to", "2026-2-3"),
            ("after", "2"),
            ("after", ID),
            ("after", "a.1"),
        ] {
            let mut form = SalesForm::default();
            *match field {
                "product" => &mut form.product,
                "state" => &mut form.state,
                "from" => &mut form.from,
                "to" => &mut form.to,
                _ => &mut form.after,
            } = text.to_owned();
            assert!(form.parse().is_none(), "{field} {text}");
        }
    }

    #[test]
    fn days_in_the_wrong_order_are_told_and_not_refused() {
        let form = SalesForm { from: "2026-02-01".into(), to: "2026-01-31".into(), ..SalesForm::default() };
        assert!(form.is_backwards() && form.parse().is_some());
    }
}
