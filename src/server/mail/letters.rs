//! The words of a letter, as text and as HTML, from one list of paragraphs.

use crate::domain::account::Purpose;
use crate::domain::mail::Letter;
use crate::domain::purchase::PaymentMethod;
use html_escape::encode_double_quoted_attribute as escaped;
use std::fmt::Write;

/// A letter as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub text: String,
    pub html: String,
}

enum Part {
    Words(String),
    /// Labels and what they say, one below the other.
    Facts(Vec<(&'static str, String)>),
    List(Vec<String>),
    /// What to press, and where it leads.
    Way(&'static str, String),
}

/// Writes a letter. `site` is the site's address, without a slash at its end; `secret` is what a pass holds, in the
/// letter that is sent and nowhere else.
pub fn compose(letter: &Letter, site: &str, secret: Option<&str>) -> Words {
    let parts = parts(letter, site, secret);
    let subject = letter.subject();
    Words { text: text(&parts, site), html: html(&subject, &parts, site), subject }
}

fn parts(letter: &Letter, site: &str, secret: Option<&str>) -> Vec<Part> {
    let receipt = |purchase| Part::Way("See the receipt", format!("{site}/purchases/{purchase}"));
    match letter {
        Letter::Receipt { purchase, product, paid, method, courses } => {
            let mut parts = vec![
                Part::Words(format!("Thank you for buying {product}.")),
                Part::Facts(vec![
                    ("Paid", paid.to_string()),
                    ("By", method.label().to_owned()),
                    ("Number", purchase.to_string()),
                ]),
            ];
            if *method == PaymentMethod::Free {
                parts[0] = Part::Words(format!("{product} is yours."));
            }
            if !courses.is_empty() {
                parts.push(Part::Words("It opens:".into()));
                parts.push(Part::List(courses.clone()));
            }
            parts.push(Part::Way("Go to your courses", format!("{site}/courses")));
            parts.push(receipt(*purchase));
            parts
        }
        Letter::Given { courses } => match courses.as_slice() {
            [one] => vec![
                Part::Words(format!("You were given “{}”. It is open for you now.", one.title)),
                Part::Way("Go to the course", format!("{site}/courses/{}", one.id)),
            ],
            several => vec![
                Part::Words("You were given courses. They are open for you now:".into()),
                Part::List(several.iter().map(|course| course.title.clone()).collect()),
                Part::Way("Go to your courses", format!("{site}/courses")),
            ],
        },
        Letter::Waiting { course } => vec![
            Part::Words(format!("You were given “{course}”.")),
            Part::Words(
                "It waits for you: sign up with this e-mail address. The course opens as soon as the address is \
                 confirmed as yours."
                    .into(),
            ),
            Part::Way("Sign up", format!("{site}/sign-up")),
        ],
        Letter::Refunded { purchase, product, amount, method, refunded, ended } => {
            let way = match method {
                PaymentMethod::Demo => format!(
                    "{amount} of {product} was given back. It was a demo: nothing was charged, and no money moves."
                ),
                _ => format!(
                    "{amount} of what you paid for {product} is on its way back to you, the way that you paid. Banks \
                     take five to ten days."
                ),
            };
            let after = match ended {
                true => "With that, all that you paid is back. Courses that nothing else gives you are closed.",
                false => "Your courses stay open.",
            };
            vec![
                Part::Words(way),
                Part::Facts(vec![("Given back in all", refunded.to_string())]),
                Part::Words(after.into()),
                receipt(*purchase),
            ]
        }
        Letter::RefundFailed { purchase, product, amount } => vec![
            Part::Words(format!(
                "We told you that {amount} for {product} is on its way back to you. Your bank did not take it, and the \
                 money is with us again. What you bought is as open as before; we will find another way."
            )),
            receipt(*purchase),
        ],
        Letter::TakenBack { purchase, product } => vec![
            Part::Words(format!(
                "{product}, which cost you nothing, was taken back. Courses that nothing else gives you are closed."
            )),
            receipt(*purchase),
        ],
        Letter::Pass { purpose } => {
            let (words, label, else_what) = match purpose {
                Purpose::Confirm => (
                    "Somebody, probably you, made an account here with this e-mail address. Confirm that it is yours: \
                     what was given to it opens then, and you can get in by it if you forget your password.",
                    "Confirm the address",
                    "If it was not you, do nothing: without you the address is not confirmed.",
                ),
                Purpose::SignIn => (
                    "Here is your link to sign in. It works once, for 15 minutes.",
                    "Sign in",
                    "If you did not ask for it, do nothing.",
                ),
                Purpose::Reset => (
                    "Somebody, probably you, wants another password for your account. The link works once, for an hour.",
                    "Choose another password",
                    "If it was not you, do nothing: your password stays.",
                ),
            };
            let way = match secret {
                Some(secret) => Part::Way(label, format!("{site}{}#{secret}", purpose.page())),
                None => Part::Words(format!("{label}: (the link is in the letter alone)")),
            };
            vec![Part::Words(words.into()), way, Part::Words(else_what.into())]
        }
    }
}

fn text(parts: &[Part], site: &str) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Words(words) => _ = writeln!(text, "{words}\n"),
            Part::Facts(facts) => {
                facts.iter().for_each(|(label, fact)| _ = writeln!(text, "{label}: {fact}"));
                text.push('\n');
            }
            Part::List(items) => {
                items.iter().for_each(|item| _ = writeln!(text, "- {item}"));
                text.push('\n');
            }
            Part::Way(label, address) => _ = writeln!(text, "{label}: {address}\n"),
        }
    }
    _ = writeln!(text, "-- \n{site}");
    text
}

/// Styles stand in the elements: mail programs read no others. Colours that hold on light and dark alike are left to
/// the program.
fn html(subject: &str, parts: &[Part], site: &str) -> String {
    let mut body = String::new();
    for part in parts {
        match part {
            Part::Words(words) => _ = write!(body, "<p>{}</p>", escaped(words)),
            Part::Facts(facts) => {
                body.push_str("<table role=\"presentation\" style=\"border-collapse:collapse;margin:16px 0\">");
                for (label, fact) in facts {
                    _ = write!(
                        body,
                        "<tr><td style=\"padding:4px 24px 4px 0;opacity:0.7\">{label}</td><td style=\"padding:4px 0\">{}</td></tr>",
                        escaped(fact)
                    );
                }
                body.push_str("</table>");
            }
            Part::List(items) => {
                body.push_str("<ul>");
                items.iter().for_each(|item| _ = write!(body, "<li>{}</li>", escaped(item)));
                body.push_str("</ul>");
            }
            Part::Way(label, address) => {
                _ = write!(body, "<p><a href=\"{}\">{label}</a></p>", escaped(address));
            }
        }
    }
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>{}</title></head>\
         <body style=\"font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:560px;margin:24px \
         auto;padding:0 16px\">{body}<p style=\"font-size:14px;opacity:0.7\">{}</p></body></html>",
        escaped(subject),
        escaped(site)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CourseId, GrantId, PurchaseId};
    use crate::domain::mail::GivenCourse;
    use crate::domain::money::{Cents, TotalCents};

    const SITE: &str = "https://learn.example.org";

    fn receipt(product: &str, paid: i32, method: PaymentMethod) -> Words {
        let purchase = PurchaseId(uuid::Uuid::from_u128(7));
        let courses = vec!["Rust & you".to_owned()];
        compose(&Letter::Receipt { purchase, product: product.into(), paid: Cents(paid), method, courses }, SITE, None)
    }

    #[test]
    fn a_receipt_says_what_was_paid_how_and_where_it_is() {
        let words = receipt("Everything", 4_950, PaymentMethod::Card);
        assert_eq!(words.subject, "Your receipt: Everything");
        for said in ["Paid: $49.50", "By: Card", "- Rust & you", "https://learn.example.org/purchases/00000000-0000"] {
            assert!(words.text.contains(said), "{said}: {}", words.text);
        }
        assert!(words.html.contains("Rust &amp; you"));
        assert!(receipt("Gift", 0, PaymentMethod::Free).text.starts_with("Gift is yours."));
        assert!(receipt("Try", 100, PaymentMethod::Demo).text.contains("nothing was charged"));
    }

    #[test]
    fn what_people_typed_is_text_and_never_markup() {
        let words = receipt("<img src=x onerror=alert(1)>", 1, PaymentMethod::Card);
        assert!(!words.html.contains("<img") && words.html.contains("&lt;img"), "{}", words.html);
    }

    #[test]
    fn a_refund_says_what_stays_open() {
        let refunded = |ended| {
            let purchase = PurchaseId(uuid::Uuid::from_u128(7));
            let letter = Letter::Refunded {
                purchase,
                product: "All".into(),
                amount: Cents(500),
                method: PaymentMethod::Card,
                refunded: TotalCents(700),
                ended,
            };
            compose(&letter, SITE, None).text
        };
        assert!(refunded(false).contains("Your courses stay open."));
        assert!(refunded(true).contains("are closed.") && refunded(true).contains("Given back in all: $7"));
    }

    #[test]
    fn what_is_given_together_is_told_together() {
        let course = |n: u128| {
            let id = uuid::Uuid::from_u128(n);
            GivenCourse { grant: GrantId(id), id: CourseId(id), title: format!("Course {n}") }
        };
        let one = compose(&Letter::Given { courses: vec![course(1)] }, SITE, None);
        assert_eq!(one.subject, "“Course 1” is open for you");
        let two = compose(&Letter::Given { courses: vec![course(1), course(2)] }, SITE, None);
        assert_eq!(two.subject, "2 courses are open for you");
        assert!(two.text.contains("- Course 1\n- Course 2"));
    }

    #[test]
    fn the_secret_of_a_pass_is_in_the_letter_that_is_sent_and_in_no_other() {
        for purpose in [Purpose::Confirm, Purpose::SignIn, Purpose::Reset] {
            let letter = Letter::Pass { purpose };
            let sent = compose(&letter, SITE, Some("cafe"));
            let link = format!("{SITE}{}#cafe", purpose.page());
            assert!(sent.text.contains(&link) && sent.html.contains(&link), "{}", sent.text);
            assert!(!compose(&letter, SITE, None).text.contains('#'));
        }
    }
}
