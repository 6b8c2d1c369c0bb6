//! The contract of the binary: refusals as sentences with their exit codes, demo mode, help, and a stop in order.

use crate::browser::Browser;
use crate::house::{command, run, run_with, running, text, until};
use crate::support::http::Client;
use crate::support::process::Bevan;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

#[test]
fn a_second_process_on_the_same_directory_is_refused_with_a_sentence() {
    let house = running();
    let data = text(&house.bevan.data);
    let free = ["--http", "127.0.0.1:0", "--mllp", "127.0.0.1:0"];
    let serve = [&["serve", "--data", data][..], &free].concat();
    let file = house.folder.path().join("one.json");
    std::fs::write(&file, br#"{"resourceType":"Basic","id":"b","code":{"text":"x"}}"#).unwrap();
    for words in [serve, vec!["import", "--data", data, text(&file)], vec!["migrate", "--data", data]] {
        let ran = run(&words);
        assert_eq!(ran.code, 6, "{words:?}: {ran:?}");
        assert!(ran.err.contains("another process is using the store in"), "{ran:?}");
    }
    assert_eq!(house.bevan.client().get("/readyz").unwrap().status, 200, "the first goes on");
}

#[test]
fn a_mistyped_directory_is_named_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (mistyped, copy) = (folder.path().join("mistyped"), folder.path().join("copy"));
    let data = ["--data", text(&mistyped)];
    for words in [&["migrate"][..], &["doctor"], &["audit", "verify"], &["backup", "--to", text(&copy)]] {
        let ran = run(&[words, &data].concat());
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.err.contains(&format!("there is no database in {}", mistyped.display())), "{ran:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    }
}

#[test]
fn unknown_keys_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bevan.toml");
    std::fs::write(&file, "[server]\ndta = \"x\"\n").unwrap();
    let ran = run(&["serve", "--config", text(&file), "--check-config"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("dta") && ran.err.contains("line 2"), "{ran:?}");
    let ran = run_with(&["serve", "--check-config"], &[("BEVAN_SERVER_DTA", "x")]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("BEVAN_SERVER_DTA"), "{ran:?}");
    let data = folder.path().join("data");
    let ran = run(&["demo", "--config", text(&file), "--data", text(&data)]);
    assert_eq!(ran.code, 3, "a demo reads its file, too: {ran:?}");
    assert!(ran.err.contains("dta") && !data.exists(), "{ran:?}");
    std::fs::write(&file, "[messages]\nagain_s = 0\n").unwrap();
    let ran = run(&["demo", "--config", text(&file), "--data", text(&data)]);
    assert!(ran.code == 3 && ran.err.contains("messages.again_s is 0"), "{ran:?}");
    let ran = run(&["serve", "--config", text(&folder.path().join("none.toml"))]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("none.toml"), "{ran:?}");
    assert_eq!(run(&["serve", "--no-such-option"]).code, 2);
}

#[test]
fn check_config_prints_what_is_in_force_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bevan.toml");
    std::fs::write(&file, "[mllp]\nidle_timeout_s = 5\n").unwrap();
    let variables = [("BEVAN_STORE_READERS", "3")];
    let data = folder.path().join("never-made");
    let words = ["serve", "--config", text(&file), "--data", text(&data), "--check-config"];
    let ran = run_with(&words, &variables);
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in ["idle_timeout_s = 5", "readers = 3", "http = \"127.0.0.1:8080\"", "demo = false"] {
        assert!(ran.out.contains(line), "{line}: {ran:?}");
    }
    assert!(ran.out.contains(&format!("data = \"{}\"", text(&data))), "{ran:?}");
    assert!(!data.exists(), "a check makes nothing");
}

/// What cannot be used is said before anything starts, with its key, and in the same words by the check and by the start.
#[test]
fn what_the_configuration_names_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("bevan.toml"), folder.path().join("never-made"));
    let (gone, junk) = (folder.path().join("gone"), folder.path().join("junk"));
    std::fs::write(&junk, "no key and no certificate\nof anybody\n").unwrap();
    let pem = folder.path().join("authorities.pem");
    std::fs::write(&pem, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    let (gone, junk, pem) = (text(&gone), text(&junk), text(&pem));
    let login =
        |rest: &str| format!("[sign_in]\nissuer = \"https://login.example\"\nclient = \"bevan\"\n{rest}");
    let source = |rest: &str| format!("[[referrals.sources]]\nname = \"Coast\"\n{rest}");
    let safe = "base = \"http://127.0.0.1:1\"\n";
    let post = "[messages]\nsmtp = \"smtps://mail.example\"\n";
    for (settings, key) in [
        ("[server]\nhttp = \"localhost\"\n".to_owned(), "http"),
        ("[server]\nmllp = \"127.0.0.1:99999\"\n".to_owned(), "mllp"),
        ("[server]\nhttp = \"127.0.0.1:7000\"\nmllp = \"127.0.0.1:7000\"\n".to_owned(), "server.mllp"),
        ("[server]\npublic_url = \"javascript:alert(1)\"\n".to_owned(), "server.public_url"),
        ("[server]\npublic_url = \"https://health.example/bevan\"\n".to_owned(), "server.public_url"),
        ("[messages]\nsmtp = \"smtps://mail.example:mail\"\n".to_owned(), "messages.smtp"),
        ("[messages]\nfrom = \"nobody\"\n".to_owned(), "messages.from"),
        (
            format!("{post}smtp_user = \"b\"\nsmtp_password_file = \"{gone}\"\n"),
            "messages.smtp_password_file",
        ),
        (login(&format!("key = \"{gone}\"\n")), "sign_in.key"),
        (login(&format!("key = \"{junk}\"\nauthorities = \"{pem}\"\n")), "sign_in.key"),
        (login(&format!("key = \"{junk}\"\nauthorities = \"{gone}\"\n")), "sign_in.authorities"),
        (login(&format!("key = \"{junk}\"\nauthorities = \"{junk}\"\n")), "sign_in.authorities"),
        ("[sign_in]\nissuer = \"login.example\"\nclient = \"b\"\nkey = \"k\"\n".to_owned(), "sign_in.issuer"),
        (source("base = \"coast.example\"\n"), "base of the referral source \"Coast\""),
        (source("base = \"https://coast.example\"\n"), "authorities_file of the referral source \"Coast\""),
        (source(&format!("{safe}token_file = \"{gone}\"\n")), "token_file of the referral source \"Coast\""),
        (source(&format!("{safe}token_file = \"{junk}\"\n")), "token_file of the referral source \"Coast\""),
        (
            source(&format!("{safe}authorities_file = \"{junk}\"\n")),
            "authorities_file of the referral source",
        ),
        (format!("[triage]\npathways = \"{gone}\"\n"), "triage.pathways"),
        (format!("[triage]\nadvice = \"{gone}\"\n"), "triage.advice"),
    ] {
        std::fs::write(&file, &settings).unwrap();
        let words = ["serve", "--config", text(&file), "--data", text(&data)];
        let (checked, started) = (run(&[&words[..], &["--check-config"]].concat()), run(&words));
        assert_eq!((checked.code, started.code), (3, 3), "{settings}: {checked:?} {started:?}");
        assert_eq!(checked.err, started.err, "{settings}");
        assert!(checked.err.contains(key) && checked.out.is_empty(), "{settings}: {checked:?}");
        assert!(
            !checked.err.contains("no key and no certificate"),
            "what a file holds is not shown: {checked:?}"
        );
    }
    let ran = run_with(&["serve", "--check-config"], &[("BEVAN_SERVER_MLLP", "2575")]);
    assert!(ran.code == 3 && ran.err.contains("mllp"), "{ran:?}");
    assert!(!data.exists(), "nothing was made");
}

#[test]
fn demo_mode_is_refused_where_others_can_reach_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path());
    for (option, address) in [("--http", "0.0.0.0:0"), ("--mllp", "[::]:0"), ("--http", "192.0.2.1:80")] {
        for words in [&["serve", "--demo", "--data", data][..], &["demo", "--data", data]] {
            let ran = run(&[words, &[option, address]].concat());
            assert_eq!(ran.code, 3, "{ran:?}");
            assert!(ran.err.contains("demo mode lets anyone sign in as anyone"), "{ran:?}");
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    // The way out that the refusal names is there for both: what is wrong next is the configuration file.
    for words in [&["serve", "--demo"][..], &["demo"]] {
        let rest =
            ["--data", data, "--http", "0.0.0.0:0", "--demo-on-public-address", "--config", "none.toml"];
        let ran = run(&[words, &rest].concat());
        assert!(ran.code == 3 && ran.err.contains("none.toml"), "{ran:?}");
    }
}

#[test]
fn without_demo_the_demo_tokens_are_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start_with(folder.path(), &[], &[]);
    for token in ["demo-system", "demo-ward", "demo-patient", "x"] {
        let answer = bevan.client().bearer(token).get("/fhir/Patient").unwrap();
        assert_eq!(answer.status, 401, "{token}");
        assert!(answer.header("www-authenticate").is_some_and(|wanted| wanted.starts_with("Bearer")));
    }
    assert_eq!(bevan.client().get("/fhir/Patient").unwrap().status, 401);
    assert_eq!(bevan.client().get("/fhir/metadata").unwrap().status, 200);
    let page = bevan.client().get("/sign-in").unwrap().text();
    assert!(page.contains("Sign-in is not set up here yet") && !page.contains("name=\"person\""), "{page}");
}

/// Files of a larger world beside those of a smaller one would be imported as one population.
#[test]
fn a_population_is_not_written_beside_an_earlier_one() {
    let folder = tempfile::tempdir().unwrap();
    let out = text(folder.path());
    let synth = |words: &[&str]| run(&[&["synth", "--people", "3", "--lean", "--out", out], words].concat());
    let files = || {
        let all = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
        let mut all: Vec<_> =
            all.map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap())).collect();
        all.sort();
        all
    };
    let own = folder.path().join("notes.txt");
    std::fs::write(&own, "mine").unwrap();
    assert_eq!(synth(&["--seed", "1"]).code, 0, "files of others do not stand in the way");
    for earlier in ["people-0001.ndjson", "people-0007.ndjson.gz", "scans.partial"] {
        std::fs::write(folder.path().join(earlier), "of a larger world, or of a run that was stopped")
            .unwrap();
    }
    let before = files();
    let refused = synth(&["--seed", "2"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(
        refused.err.contains("5 files of an earlier run") && refused.err.contains("--replace"),
        "{refused:?}"
    );
    assert!(files() == before, "nothing was touched");
    // A disk that is full, or whatever else stops it: the earlier population is still whole.
    let in_the_way = folder.path().join("people-0000.partial");
    std::fs::create_dir(&in_the_way).unwrap();
    let stopped = synth(&["--seed", "2", "--replace"]);
    assert!(stopped.code == 1 && stopped.err.contains("cannot write"), "{stopped:?}");
    std::fs::remove_dir(&in_the_way).unwrap();
    let still: Vec<_> =
        files().into_iter().filter(|(name, _)| *name != *"0-places-and-staff.partial").collect();
    assert!(still == before, "nothing was taken away");
    assert_eq!(synth(&["--seed", "2", "--replace"]).code, 0);
    let names: Vec<_> = files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["0-places-and-staff.ndjson", "notes.txt", "people-0000.ndjson"]);
    assert_eq!(std::fs::read(&own).unwrap(), b"mine");
    assert!(files() != before);
}

#[test]
fn output_that_nobody_reads_any_more_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scan.h5");
    let mut child = command(&["mri", "phantom", "--out", text(&file), "--size", "64", "--coils", "2"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && !said.contains("panicked"), "{ran:?}");
    assert!(file.is_file(), "the work was done");
}

#[test]
fn help_on_each_command_has_examples() {
    let commands = [
        &["serve"][..],
        &["demo"],
        &["import"],
        &["synth"],
        &["play"],
        &["backup"],
        &["restore"],
        &["doctor"],
        &["migrate"],
        &["audit", "verify"],
    ];
    for words in commands {
        let ran = run(&[words, &["--help"]].concat());
        assert_eq!(ran.code, 0, "{words:?}");
        let example = format!("  bevan {}", words.join(" "));
        assert!(ran.out.contains("Example") && ran.out.contains(&example), "{words:?}: {}", ran.out);
    }
}

/// The request is on its way, its body not yet whole, when the stop comes: it is answered, and the process ends with 0.
#[test]
fn a_stop_answers_what_is_in_flight() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let body = br#"{"resourceType":"Basic","id":"late","code":{"text":"late"}}"#;
    let mut stream = TcpStream::connect(bevan.http).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!(
        "PUT /fhir/Basic/late HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo-system\r\n\
         Content-Type: application/fhir+json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut leave = [0; 25];
    stream.read_exact(&mut leave).unwrap();
    assert!(leave.starts_with(b"HTTP/1.1 100"), "the server reads the body now");
    let (http, data) = (bevan.http, bevan.data.clone());
    let stopped = std::thread::spawn(move || bevan.stop());
    until("new connections are refused", 20, || TcpStream::connect(http).is_err());
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(stopped.join().unwrap(), "exit code 0");
    let again = Bevan::start(&data);
    assert_eq!(again.system().get("/fhir/Basic/late").unwrap().status, 200);
}

/// A ward's screen shows its board all day: a restart would otherwise keep everybody out for as long as a drain may take.
#[test]
fn a_stop_does_not_wait_for_live_boards() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let cookies = Browser::signed_in(&bevan, "ward-manager").cookies();
    let mut stream = TcpStream::connect(bevan.http).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    let ask =
        format!("GET /staff/wards/events HTTP/1.1\r\nHost: {}\r\nCookie: {cookies}\r\n\r\n", bevan.http);
    stream.write_all(ask.as_bytes()).unwrap();
    let mut head = [0; 400];
    stream.read_exact(&mut head).unwrap();
    assert!(String::from_utf8_lossy(&head).contains("text/event-stream"), "the view is live");
    let stopped = std::thread::spawn(move || bevan.stop());
    stream.read_to_end(&mut Vec::new()).expect("the view ends at once");
    assert!(stopped.join().unwrap(), "exit code 0");
}

/// Whoever sent half a head or half a body may never send the rest: a stop would otherwise last as long as a drain may take.
#[test]
fn a_stop_does_not_wait_for_half_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let halves = [
        "GET /livez HTTP/1.1\r\nHost: x\r\nX-Half: ",
        "POST /fhir HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo-system\r\n\
         Content-Type: application/fhir+json\r\nContent-Length: 1000\r\n\r\n{\"resource",
    ];
    let mut halves = halves.map(|half| {
        let mut stream = TcpStream::connect(bevan.http).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
        stream.write_all(half.as_bytes()).unwrap();
        stream
    });
    // Whoever connects later is answered, so the halves are read by then.
    assert_eq!(bevan.client().get("/livez").unwrap().status, 200);
    let stopped = std::thread::spawn(move || bevan.stop());
    for half in &mut halves {
        half.read_to_end(&mut Vec::new()).expect("half a request is given up within seconds");
    }
    assert!(stopped.join().unwrap(), "exit code 0");
}

#[test]
fn a_start_that_fails_says_why() {
    let house = running();
    let folder = tempfile::tempdir().unwrap();
    let taken = house.bevan.http.to_string();
    let ran = run(&["serve", "--data", text(folder.path()), "--http", &taken, "--mllp", "127.0.0.1:0"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("cannot listen on") && ran.err.contains(&taken), "{ran:?}");
    let file = folder.path().join("a-file");
    std::fs::write(&file, "x").unwrap();
    let ran = run(&["serve", "--data", text(&file), "--http", "127.0.0.1:0", "--mllp", "127.0.0.1:0"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("a-file"), "{ran:?}");
}

#[test]
fn logs_go_to_stderr_and_hold_no_values() {
    let folder = tempfile::tempdir().unwrap();
    let (http, data) = ("127.0.0.1:0", text(folder.path()));
    let mut child = command(&["serve", "--data", data, "--demo", "--http", http, "--mllp", "127.0.0.1:0"])
        .env("BEVAN_LOG_LEVEL", "debug")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut err = String::new();
    while !err.contains("Bevan is ready") {
        assert_ne!(std::io::BufRead::read_line(&mut said, &mut err).unwrap(), 0, "{err}");
    }
    let address =
        err.split("http://").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
    let mut client = Client::new(address).bearer("demo-system");
    let canary = br#"{"resourceType":"Patient","name":[{"family":"Canary-7f3a"}],"birthDate":"2026-02-30"}"#;
    assert!(matches!(client.post_fhir("/fhir/Patient", canary).unwrap().status, 400 | 422));
    assert_eq!(client.get("/fhir/Patient?family=Canary-7f3a").unwrap().status, 200);
    std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    said.read_to_string(&mut err).unwrap();
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(out, "", "nothing on stdout");
    assert!(!err.contains("Canary-7f3a"), "{err}");
}
