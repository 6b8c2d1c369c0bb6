//! A login service of one process: it vouches for whoever is asked for, without a page. Its answers are those of OpenID
//! Connect; what it is asked is not checked, because it is not what is measured.

use crate::people::Person;
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The login service.
pub struct Login {
    /// Its name.
    pub issuer: String,
    shared: Arc<Shared>,
}

struct Shared {
    issuer: String,
    public: Value,
    key: EncodingKey,
    client_key: Vec<u8>,
    people: Mutex<Vec<Person>>,
    /// Person and nonce of each code.
    codes: Mutex<HashMap<String, (usize, String)>>,
}

impl Login {
    /// Opens it on a port of its own.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("its address"));
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let pem = pem(&pair);
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = json!({"keys": [{
            "kty": "RSA", "use": "sig", "alg": "RS512", "kid": "bench",
            "n": number(pair.public_key().modulus().big_endian_without_leading_zero()),
            "e": number(pair.public_key().exponent().big_endian_without_leading_zero()),
        }]});
        let shared = Arc::new(Shared {
            issuer: issuer.clone(),
            public,
            key: EncodingKey::from_rsa_pem(&pem).expect("a signing key"),
            client_key: pem,
            people: Mutex::default(),
            codes: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&serving);
                std::thread::spawn(move || serve(&shared, stream));
            }
        });
        Self { issuer, shared }
    }

    /// The key for the relying party: any will do, as it is not checked.
    pub fn client_key(&self) -> &[u8] {
        &self.shared.client_key
    }

    /// Vouches for these people from now on.
    pub fn know(&self, people: &[Person]) {
        *self.shared.people.lock().expect("people") = people.to_vec();
    }

    /// What the browser would bring back after a person signed in at this authorization address.
    pub fn signed_in(&self, authorization: &str, person: usize) -> String {
        let part = |name: &str| {
            let rest = authorization.split(&format!("{name}=")).nth(1).expect("a parameter");
            rest.split('&').next().expect("its value").to_owned()
        };
        let (state, nonce) = (part("state"), part("nonce"));
        let code = format!("c{state}");
        self.shared.codes.lock().expect("codes").insert(code.clone(), (person, nonce));
        format!("/sign-in/return?code={code}&state={state}")
    }
}

fn pem(pair: &KeyPair) -> Vec<u8> {
    let der: Pkcs8V1Der<'_> = pair.as_der().expect("a private key");
    let text = STANDARD.encode(der.as_ref());
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n").into_bytes()
}

fn serve(shared: &Shared, stream: TcpStream) {
    let mut writer = stream.try_clone().expect("a second handle");
    let mut reader = BufReader::new(stream);
    while let Some((path, bearer, body)) = question(&mut reader) {
        let answer = answer(shared, &path, &bearer, &body).to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        if writer.write_all(format!("{head}{answer}").as_bytes()).is_err() {
            return;
        }
    }
}

fn question(reader: &mut BufReader<TcpStream>) -> Option<(String, String, String)> {
    let (mut line, mut path, mut bearer, mut length) = (String::new(), String::new(), String::new(), 0);
    loop {
        line.clear();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        match text.split_once(": ") {
            None => path = text.split(' ').nth(1).unwrap_or_default().to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap_or(0);
            }
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => {
                bearer = value.trim_start_matches("Bearer ").to_owned();
            }
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, bearer, String::from_utf8_lossy(&body).into_owned()))
}

fn answer(shared: &Shared, path: &str, bearer: &str, body: &str) -> Value {
    let issuer = &shared.issuer;
    match path {
        "/keys" => shared.public.clone(),
        "/token" => {
            let code = body.split('&').find_map(|pair| pair.strip_prefix("code=")).unwrap_or_default();
            let (person, nonce) = shared.codes.lock().expect("codes").get(code).cloned().expect("a code");
            let now = jiff::Timestamp::now().as_second();
            let claims = json!({
                "iss": issuer, "sub": person.to_string(), "aud": "bevan", "nonce": nonce, "iat": now, "exp": now + 300,
                "vot": "P9.Cp.Cd",
            });
            let header = Header { kid: Some("bench".into()), ..Header::new(Algorithm::RS512) };
            let token = encode(&header, &claims, &shared.key).expect("a token");
            json!({"id_token": token, "access_token": code, "token_type": "Bearer"})
        }
        "/userinfo" => {
            let (person, _) = shared.codes.lock().expect("codes").remove(bearer).expect("a code");
            let people = shared.people.lock().expect("people");
            json!({"sub": person.to_string(), "nhs_number": people[person].number, "birthdate": people[person].born})
        }
        _ => json!({
            "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"), "jwks_uri": format!("{issuer}/keys"),
        }),
    }
}
