//! How messages are brought to people: inbox, email, text message, letter.

use super::ConfigError;
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Transports, and how long each is given.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Messages {
    /// Folder for letters and text messages, and for emails without a mail server; empty means `outbox` in the data directory.
    pub outbox: PathBuf,
    /// The mail server: `smtps://mail.example.org` or `smtp://mail.example.org:587?tls=required`; empty means none.
    pub smtp: String,
    /// The name to sign in to the mail server with.
    pub smtp_user: String,
    /// A file with the password for it; empty means none.
    pub smtp_password_file: PathBuf,
    /// The sender of emails.
    pub from: String,
    /// A program and its arguments, run for each text message with its file; the same JSON is its input.
    pub sms_command: Vec<String>,
    /// A program and its arguments, run for each letter with its file.
    pub letter_command: Vec<String>,
    /// Seconds that a message lies unread in the inbox before the next channel is tried.
    pub unread_s: u64,
    /// Seconds after an email or a text message before the next channel is tried.
    pub noticed_s: u64,
    /// Seconds after a failure before a transport is tried again; doubled each time.
    pub again_s: u64,
    /// Failures of one transport after which the next is tried.
    pub failures: u64,
    /// Seconds between two looks at what is due, at the least.
    pub look_s: u64,
}

impl Default for Messages {
    fn default() -> Self {
        Self {
            outbox: PathBuf::new(),
            smtp: String::new(),
            smtp_user: String::new(),
            smtp_password_file: PathBuf::new(),
            from: String::from("Bevan <no-reply@bevan.example>"),
            sms_command: Vec::new(),
            letter_command: Vec::new(),
            unread_s: 86_400,
            noticed_s: 259_200,
            again_s: 120,
            failures: 5,
            look_s: 10,
        }
    }
}

impl Messages {
    /// Checks that mail is never sent in the clear to another machine, and that what belongs together is there.
    pub fn check(&self) -> Result<(), ConfigError> {
        let contradiction = |text: &str| Err(ConfigError::Contradiction(text.to_owned()));
        let near = ["smtp://127.0.0.1", "smtp://localhost", "smtp://[::1]"];
        let rest = near.iter().find_map(|start| self.smtp.strip_prefix(start));
        let is_near = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']));
        let known =
            self.smtp.is_empty() || self.smtp.starts_with("smtps://") || self.smtp.starts_with("smtp://");
        if self.smtp.contains('@') {
            // The address is printed with the rest of the configuration; the password is in a file.
            return contradiction(
                "messages.smtp holds a name or a password: set messages.smtp_user and messages.smtp_password_file",
            );
        }
        if !known {
            return contradiction("messages.smtp is no address of a mail server: smtps://… or smtp://…");
        }
        if self.smtp.starts_with("smtp://") && !self.smtp.contains("tls=required") && !is_near {
            return contradiction(
                "messages.smtp would send mail in the clear to another machine: use smtps:// or ?tls=required",
            );
        }
        if self.smtp_user.is_empty() != self.smtp_password_file.as_os_str().is_empty() {
            return contradiction("messages.smtp_user and messages.smtp_password_file belong together");
        }
        if self.from.parse::<Mailbox>().is_err() {
            return contradiction(
                "messages.from is no email address: Example Surgery <no-reply@example.org>",
            );
        }
        if self.failures == 0 {
            return contradiction("messages.failures is 0, so that nothing would ever be tried");
        }
        if self.again_s == 0 {
            return contradiction(
                "messages.again_s is 0: a transport that fails would be tried again and again without a pause: at least 1 second",
            );
        }
        if self.look_s == 0 {
            return contradiction("messages.look_s is 0: it would look all the time: at least 1 second");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_never_goes_in_the_clear_to_another_machine() {
        for (smtp, fits) in [
            ("", true),
            ("smtps://mail.example.org", true),
            ("smtp://mail.example.org:587?tls=required", true),
            ("smtp://127.0.0.1:2525", true),
            ("smtp://localhost", true),
            ("smtp://[::1]:25", true),
            ("smtp://mail.example.org", false),
            ("smtp://mail.example.org:587?tls=opportunistic", false),
            ("smtp://localhost.example.org", false),
            ("smtp://127.0.0.1.example.org:25", false),
            ("mail.example.org", false),
        ] {
            let config = Messages { smtp: smtp.into(), ..Messages::default() };
            assert_eq!(config.check().is_ok(), fits, "{smtp}");
        }
    }

    #[test]
    fn a_password_has_no_place_in_the_address() {
        for smtp in ["smtps://u:Canary@mail.example", "smtp://u:Canary@localhost", "u:Canary@mail.example"] {
            let said = Messages { smtp: smtp.into(), ..Messages::default() }.check().unwrap_err().to_string();
            assert!(said.contains("messages.smtp_password_file") && !said.contains("Canary"), "{said}");
        }
    }

    #[test]
    fn nothing_is_tried_never_or_without_a_pause() {
        for (key, config) in [
            ("failures", Messages { failures: 0, ..Messages::default() }),
            ("again_s", Messages { again_s: 0, ..Messages::default() }),
            ("look_s", Messages { look_s: 0, ..Messages::default() }),
        ] {
            let said = config.check().unwrap_err().to_string();
            assert!(said.contains(&format!("messages.{key} is 0")), "{said}");
        }
        // No patience is a choice: what is not opened at once goes on to the next channel.
        assert!(Messages { unread_s: 0, noticed_s: 0, ..Messages::default() }.check().is_ok());
    }

    #[test]
    fn a_name_without_a_password_is_refused() {
        assert!(Messages { smtp_user: "a".into(), ..Messages::default() }.check().is_err());
        assert!(Messages::default().check().is_ok());
    }
}
