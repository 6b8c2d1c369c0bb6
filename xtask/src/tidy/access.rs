//! A route is data. Handlers are attached in the route tables alone (`routes.rs` of each door), so nothing can
//! be served that has no access row; the tables' own tests compare them with the access matrix.

use super::source::Sources;

pub fn check(sources: &Sources) -> Vec<String> {
    sources
        .rust()
        .filter(|file| file.is_product() && matches!(file.krate(), Some("interop" | "web" | "bevan")))
        .filter(|file| !file.path.ends_with("/routes.rs"))
        .flat_map(|file| {
            file.code()
                .filter(|(_, line)| {
                    line.contains(".route(") || line.contains(".route_service(") || line.contains(".nest(")
                })
                .map(|(number, _)| {
                    format!(
                        "{}:{number}: routes are attached in a routes.rs, beside their access rows",
                        file.path
                    )
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_route_outside_the_table() {
        let text = "//! x\nrouter.route(\"/x\", get(x))\n";
        let sources = Sources::of(&[("crates/web/src/page.rs", text), ("crates/web/src/routes.rs", text)]);
        assert_eq!(check(&sources).len(), 1);
    }
}
