//! What every view has in common, and the readers that views are made of.

use crate::json::Value;

/// Declares views: a borrowed document with a name. A type with a resource's name is entered by `of`, which asks
/// `resourceType`.
macro_rules! views {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<'a>(pub &'a crate::json::Value);

        impl<'a> $name<'a> {
            /// The document beneath.
            #[must_use]
            pub fn value(self) -> &'a crate::json::Value {
                self.0
            }

            /// The extension with that URL.
            #[must_use]
            pub fn extension(self, url: &str) -> Option<&'a crate::json::Value> {
                let mut all = self.0.items("extension").iter();
                all.find(|e| crate::views::view::text(e, "url") == Some(url))
            }
        }
    )+};
}

/// Declares views of resources: as `views`, with `of` and `id`.
macro_rules! resource_views {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        crate::views::view::views! { $($(#[doc = $doc])+ $name,)+ }
        $(impl<'a> $name<'a> {
            /// The view, when the document is such a resource.
            #[must_use]
            pub fn of(value: &'a crate::json::Value) -> Option<Self> {
                (crate::views::view::text(value, "resourceType") == Some(stringify!($name))).then_some(Self(value))
            }

            /// The resource's id.
            #[must_use]
            pub fn id(self) -> Option<&'a str> {
                crate::views::view::text(self.0, "id")
            }

            /// Its business identifiers.
            pub fn identifiers(self) -> impl Iterator<Item = crate::views::Identifier<'a>> {
                self.0.items("identifier").iter().map(crate::views::Identifier)
            }
        })+
    };
}

pub(super) use {resource_views, views};

views! {
    /// Any resource: what all of them have.
    Resource,
}

impl<'a> Resource<'a> {
    /// The resource's type.
    #[must_use]
    pub fn resource_type(self) -> Option<&'a str> {
        text(self.0, "resourceType")
    }

    /// The resource's id.
    #[must_use]
    pub fn id(self) -> Option<&'a str> {
        text(self.0, "id")
    }

    /// `meta.versionId`.
    #[must_use]
    pub fn version_id(self) -> Option<&'a str> {
        self.0.get("meta").and_then(|m| text(m, "versionId"))
    }

    /// `meta.lastUpdated`, an instant.
    #[must_use]
    pub fn last_updated(self) -> Option<&'a str> {
        self.0.get("meta").and_then(|m| text(m, "lastUpdated"))
    }
}

/// The string member of that name.
pub(super) fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member)?.as_str()
}

/// The strings of the array member of that name; gaps are passed over.
pub(super) fn texts<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a str> {
    value.items(member).iter().filter_map(Value::as_str)
}
