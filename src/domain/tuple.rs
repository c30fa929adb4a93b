//! Structs that travel to the browser as tuples: what reads names of fields there is more code than what they hold, and
//! a course of hundreds of lessons would say them as often.

/// Conversions both ways between a struct and the tuple of its fields, for serde's `from` and `into`; `$tuple` names
/// the tuple's type.
macro_rules! as_tuple {
    ($name:ident as $tuple:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        type $tuple = ($($type),+);

        impl From<$tuple> for $name {
            fn from(($($field),+): $tuple) -> Self {
                Self { $($field),+ }
            }
        }

        impl From<$name> for $tuple {
            fn from($name { $($field),+ }: $name) -> Self {
                ($($field),+)
            }
        }
    };
}

pub(crate) use as_tuple;
