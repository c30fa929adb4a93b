use leptos::prelude::*;

/// A picture of a product or course: the author's, or rings drawn from its title, so that each has a look of its own
/// and keeps it.
#[component]
pub fn Cover(#[prop(into)] title: String, #[prop(optional, into)] image_url: String) -> impl IntoView {
    let hash = fnv1a(&title);
    let class = CLASSES[hash as usize % CLASSES.len()];
    if image_url.is_empty() {
        view! {
            <div class=class>
                <svg
                    viewBox="0 0 320 180"
                    preserveAspectRatio="xMidYMid slice"
                    aria-hidden="true"
                    inner_html=rings(hash)
                ></svg>
            </div>
        }
        .into_any()
    } else {
        view! { <div class=class><img src=image_url alt="" width="640" height="360" loading="lazy" /></div> }.into_any()
    }
}

const CLASSES: [&str; 8] = [
    "cover cover--h0",
    "cover cover--h1",
    "cover cover--h2",
    "cover cover--h3",
    "cover cover--h4",
    "cover cover--h5",
    "cover cover--h6",
    "cover cover--h7",
];

/// FNV-1a, 32 bits (RFC 9923).
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Six circles that grow out of one of four places, written largest first. Tenths of a unit, so that both sides draw
/// the same.
fn rings(hash: u32) -> String {
    const ANCHORS: [(i32, i32, i32, i32); 4] =
        [(0, 180, 8, -6), (320, 180, -8, -6), (160, 190, 0, -10), (320, 0, -8, 6)];
    let (x, y, dx, dy) = ANCHORS[(hash >> 3) as usize % ANCHORS.len()];
    let mut radius = 18;
    let mut circles = Vec::new();
    for ring in 0..6 {
        radius += 12 + ((hash >> (5 + 3 * ring)) % 8) as i32 * 4;
        let (cx, cy) = (x + dx * radius / 10, y + dy * radius / 10);
        circles.push(format!(r#"<circle cx="{cx}" cy="{cy}" r="{radius}" opacity=".17"/>"#));
    }
    circles.into_iter().rev().collect()
}
