//! Just enough JSON to write an account: objects, lists, numbers and text.

/// A value, as written.
pub struct Json(String);

impl Json {
    /// A text.
    pub fn text(value: &str) -> Self {
        let mut out = String::from('"');
        for c in value.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                c if c.is_control() => out.push_str(&format!("\\u{:04x}", c as u32)),
                c => out.push(c),
            }
        }
        out.push('"');
        Self(out)
    }

    /// A number; what is none becomes `null`.
    pub fn number(value: f64) -> Self {
        Self(if value.is_finite() { value.to_string() } else { "null".into() })
    }

    /// A value or `null`.
    pub fn maybe(value: Option<Self>) -> Self {
        value.unwrap_or(Self("null".into()))
    }

    /// A list.
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        let values: Vec<String> = values.into_iter().map(|value| value.0).collect();
        Self(format!("[{}]", values.join(",")))
    }

    /// An object.
    pub fn object(members: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        let members: Vec<String> =
            members.into_iter().map(|(name, value)| format!("\"{name}\":{}", value.0)).collect();
        Self(format!("{{{}}}", members.join(",")))
    }

    /// The document.
    pub fn into_text(self) -> String {
        self.0 + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_no_number_is_null() {
        let value = Json::object([
            ("a", Json::text("\"\\\n")),
            ("b", Json::list([Json::number(f64::NAN), Json::number(0.5)])),
        ]);
        assert_eq!(value.into_text(), "{\"a\":\"\\\"\\\\\\u000a\",\"b\":[null,0.5]}\n");
    }
}
