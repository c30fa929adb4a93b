/// What a form without script was sent with, where it was refused: names and values, as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box of this name and value was ticked.
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(field, ticked)| field == name && ticked == value)
    }
}

/// The address of the page that answers a form sent without script: the answer itself stands at the form's address, so
/// its forms say in [`FROM`] where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAddress(pub String);

/// What a form's address calls the page that it stands on, where that is an answer.
pub const FROM: &str = "from";
