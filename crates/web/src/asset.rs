//! Style, script, font and icon, served from memory under addresses that name their content, so that browsers may
//! keep them for ever. Made by `cargo xtask assets`; a build needs no Node. Nothing is ever fetched from another host.

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, header};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::OnceLock;

/// One file.
pub struct Asset {
    /// Its address.
    pub url: String,
    kind: &'static str,
    plain: Vec<u8>,
    gzip: Option<Vec<u8>>,
}

/// Every file that pages refer to.
pub struct Assets {
    /// The font.
    pub font: Asset,
    /// The style sheet.
    pub style: Asset,
    /// The script.
    pub script: Asset,
    /// The icon.
    pub icon: Asset,
}

const FONT_PLACE: &str = "/assets/atkinson-hyperlegible-next.woff2";

/// The files, hashed and compressed at first use.
pub fn assets() -> &'static Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    ASSETS.get_or_init(|| {
        let font = include_bytes!("../assets/atkinson-hyperlegible-next.woff2").to_vec();
        let font = Asset::new("atkinson-hyperlegible-next.woff2", "font/woff2", font, false);
        let style = include_str!("../assets/bevan.css").replace(FONT_PLACE, &font.url);
        let script = include_bytes!("../assets/bevan.js").to_vec();
        let icon = include_bytes!("../assets/favicon.svg").to_vec();
        Assets {
            font,
            style: Asset::new("bevan.css", "text/css; charset=utf-8", style.into_bytes(), true),
            script: Asset::new("bevan.js", "text/javascript; charset=utf-8", script, true),
            icon: Asset::new("favicon.svg", "image/svg+xml", icon, true),
        }
    })
}

impl Asset {
    fn new(name: &'static str, kind: &'static str, plain: Vec<u8>, compress: bool) -> Self {
        let hash: String = Sha256::digest(&plain).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let gzip = compress.then(|| gzip(&plain)).flatten();
        Self { url: format!("/assets/{hash}-{name}"), kind, plain, gzip }
    }
}

impl Assets {
    /// The file of that name with hash.
    pub fn find(&self, file: &str) -> Option<&Asset> {
        let all = [&self.font, &self.style, &self.script, &self.icon];
        all.into_iter().find(|asset| asset.url.strip_prefix("/assets/") == Some(file))
    }
}

/// Answers a file, compressed when the browser takes it; `None` when there is no such file.
pub fn answer(file: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    let asset = assets().find(file)?;
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let gzip = asset.gzip.as_ref().filter(|_| accepts.split(',').any(|one| one.trim().starts_with("gzip")));
    let mut response = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, asset.kind)
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(header::VARY, "accept-encoding");
    if gzip.is_some() {
        response = response.header(header::CONTENT_ENCODING, "gzip");
    }
    response.body(Body::from(gzip.unwrap_or(&asset.plain).clone())).ok()
}

fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_comes_from_another_host_or_brand() {
        let all = assets();
        for asset in [&all.style, &all.script, &all.icon] {
            let text = String::from_utf8(asset.plain.clone()).unwrap();
            for banned in ["assets.nhs.uk", "Frutiger", "frutiger", "@import", "nhsuk-header__logo"] {
                assert!(!text.contains(banned), "{} holds {banned}", asset.url);
            }
            let text = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http:") && !text.contains("https:"), "{} names a host", asset.url);
            assert!(!text.contains("url(//") && !text.contains("url(\"//"), "{} names a host", asset.url);
        }
    }

    #[test]
    fn the_style_sheet_refers_to_the_font_by_its_hash() {
        let style = String::from_utf8(assets().style.plain.clone()).unwrap();
        assert!(style.contains(&assets().font.url));
        assert!(!style.contains(FONT_PLACE));
    }

    #[test]
    fn compressed_and_plain_answers_differ_only_in_coding() {
        let file = assets().style.url.strip_prefix("/assets/").unwrap();
        let mut headers = HeaderMap::new();
        assert!(!answer(file, &headers).unwrap().headers().contains_key(header::CONTENT_ENCODING));
        headers.insert(header::ACCEPT_ENCODING, "br, gzip".parse().unwrap());
        let response = answer(file, &headers).unwrap();
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(answer("0-bevan.css", &headers).is_none());
    }
}
