//! Vectors of trust (RFC 8485): how well somebody proved who they are (P) and how they signed in (C), as the national login
//! names them. A request lists those that will do; the token says which one it was.

use crate::session::Level;

/// What a sign-in asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Any level: enough for what needs no record.
    AnyLevel,
    /// Proven: the whole record.
    Proven,
}

/// Two factors at least, at every level: a password with a device, with a shared key, or a key in a device.
const PROVEN: &[&str] = &["P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm"];
const ANY_LEVEL: &[&str] =
    &["P0.Cp.Cd", "P0.Cp.Ck", "P0.Cm", "P5.Cp.Cd", "P5.Cp.Ck", "P5.Cm", "P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm"];

impl Asked {
    /// The vectors that will do.
    pub fn vectors(self) -> &'static [&'static str] {
        match self {
            Self::AnyLevel => ANY_LEVEL,
            Self::Proven => PROVEN,
        }
    }

    /// The `vtr` parameter: a JSON array.
    pub fn vtr(self) -> String {
        let quoted: Vec<String> = self.vectors().iter().map(|vector| format!("\"{vector}\"")).collect();
        format!("[{}]", quoted.join(","))
    }

    /// The word under which it is kept while somebody is away at the login service.
    pub fn word(self) -> &'static str {
        match self {
            Self::AnyLevel => "any",
            Self::Proven => "proven",
        }
    }

    /// What a word stands for.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::AnyLevel, Self::Proven].into_iter().find(|asked| asked.word() == word)
    }

    /// The level of the vector that came back; `None` when it is not one of those that will do. The order of the C parts
    /// does not matter (RFC 8485, section 2).
    pub fn level(self, vot: &str) -> Option<Level> {
        let sorted = |vector: &str| {
            let mut parts: Vec<String> = vector.split('.').map(str::to_owned).collect();
            parts.sort();
            parts
        };
        let came = sorted(vot);
        let matched = self.vectors().iter().find(|vector| sorted(vector) == came)?;
        match matched.get(..2) {
            Some("P9") => Some(Level::P9),
            Some("P5") => Some(Level::P5),
            Some("P0") => Some(Level::P0),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_will_do() {
        assert_eq!(Asked::Proven.level("P9.Cp.Cd"), Some(Level::P9));
        assert_eq!(Asked::Proven.level("P9.Cd.Cp"), Some(Level::P9));
        assert_eq!(Asked::Proven.level("P5.Cp.Cd"), None);
        assert_eq!(Asked::Proven.level("P9.Cp"), None, "one factor");
        assert_eq!(Asked::Proven.level("P9.Cp.Cp"), None);
        assert_eq!(Asked::Proven.level("P9"), None);
        assert_eq!(Asked::Proven.level(""), None);
        assert_eq!(Asked::AnyLevel.level("P5.Cm"), Some(Level::P5));
        assert_eq!(Asked::AnyLevel.level("P0.Cp.Cd"), Some(Level::P0));
        assert_eq!(Asked::AnyLevel.level("P10.Cp.Cd"), None);
        assert_eq!(Asked::Proven.vtr(), r#"["P9.Cp.Cd","P9.Cp.Ck","P9.Cm"]"#);
        assert_eq!(Asked::of_word(Asked::Proven.word()), Some(Asked::Proven));
    }
}
