//! Email over SMTP (RFC 5321), with TLS by rustls. One message, plain text, nothing clinical.

use super::{Failure, Outcome};
use crate::config::{ConfigError, Messages, outside};
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// A mail server is waited for this long.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail server, and who writes.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mail {
    /// The mail server of a configuration.
    ///
    /// # Errors
    /// [`ConfigError`] when its address or the sender's is not one, or the password cannot be read. That mail never goes in the
    /// clear to another machine is a rule of the configuration.
    pub fn new(config: &Messages) -> Result<Self, ConfigError> {
        let refuse = |text: String| ConfigError::Contradiction(text);
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.smtp)
            .map_err(|error| refuse(format!("messages.smtp is no address of a mail server: {error}")))?
            .timeout(Some(PATIENCE));
        let file = &config.smtp_password_file;
        if !file.as_os_str().is_empty() {
            let password = outside::secret("messages.smtp_password_file", file)?;
            transport = transport.credentials(Credentials::new(config.smtp_user.clone(), password));
        }
        let from =
            config.from.parse().map_err(|_| refuse(String::from("messages.from is no email address")))?;
        Ok(Self { transport: transport.build(), from })
    }

    /// Sends a notice. The same message has the same Message-ID each time.
    pub async fn send(&self, id: &str, to: &str, (subject, text): (&str, &str)) -> Outcome {
        let Ok(to) = to.parse::<Mailbox>() else {
            return Err(Failure::Never(String::from("the email address is not one")));
        };
        let host = self.from.email.domain();
        let mail = Message::builder()
            .message_id(Some(format!("<{id}@{host}>")))
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.to_owned());
        let Ok(mail) = mail else { return Err(Failure::Never(String::from("the email cannot be made"))) };
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            // The server's own words may repeat the address; its code does not.
            Err(error) => {
                let code = error.status().map_or_else(|| String::from("no answer"), |code| code.to_string());
                let words = format!("the mail server did not take it ({code})");
                Err(if error.is_permanent() { Failure::Never(words) } else { Failure::Later(words) })
            }
        }
    }
}
