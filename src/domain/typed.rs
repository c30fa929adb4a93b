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
