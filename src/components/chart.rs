//! Charts as SVG that the server draws: a picture with a sentence, and a table of the same figures.

use leptos::prelude::*;

/// A bar: what it is of, how high it is, and its figure in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    pub value: i64,
    pub words: String,
}

/// Units of the drawing: a bar's share of its width, and its height. It is stretched to whatever room there is, so that
/// no word stands in it.
const STEP: usize = 10;
const HEIGHT: i64 = 1000;

/// Bars over time, those below nothing hanging from the line. `sentence` says what one sees; `heads` name the columns of
/// the table.
#[component]
pub fn BarChart(
    #[prop(into)] title: String,
    /// The figure of the whole range.
    #[prop(into)]
    total: String,
    #[prop(into)] sentence: String,
    heads: [&'static str; 2],
    bars: Vec<Bar>,
) -> impl IntoView {
    let ends = bars.first().zip(bars.last()).map(|(first, last)| {
        view! {
            <p class="chart-axis" aria-hidden="true"><span>{first.label.clone()}</span><span>{last.label.clone()}</span></p>
        }
    });
    // The scale: a line at its height would say no more.
    let most = bars.iter().max_by_key(|bar| bar.value).filter(|most| most.value > 0).map(|most| {
        view! { <p class="chart-most">{format!("Most: {}, {}", most.words, most.label)}</p> }
    });
    let view_box = format!("0 0 {} {HEIGHT}", bars.len() * STEP);
    let drawing = drawing(&bars);
    let rows = bars.into_iter().map(|bar| {
        view! { <tr><th scope="row">{bar.label}</th><td class="num">{bar.words}</td></tr> }
    });
    let caption = title.clone();
    view! {
        <figure class="chart">
            <figcaption><h3>{title}</h3><strong>{total}</strong></figcaption>
            {most}
            <svg
                class="chart-plot"
                viewBox=view_box
                preserveAspectRatio="none"
                role="img"
                aria-label=sentence
                inner_html=drawing
            ></svg>
            {ends}
            <details>
                <summary>"Figures"</summary>
                <table class="table">
                    <caption class="visually-hidden">{caption}</caption>
                    <thead><tr><th scope="col">{heads[0]}</th><th scope="col" class="num">{heads[1]}</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

/// What stands in the `svg` element: a rectangle a bar, and the line of nothing.
fn drawing(bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default().max(0);
    let least = bars.iter().map(|bar| bar.value).min().unwrap_or_default().min(0);
    let span = i128::from((most - least).max(1));
    let height = |value: i64| (i128::from(value) * i128::from(HEIGHT) / span) as i64;
    let zero = height(most);
    let bar = |(at, bar): (usize, &Bar)| {
        let tall = height(bar.value.abs());
        let (top, class) =
            if bar.value < 0 { (zero, "chart-bar chart-bar--below") } else { (zero - tall, "chart-bar") };
        let title = format!("{}: {}", bar.label, bar.words).replace('&', "&amp;").replace('<', "&lt;");
        let x = at * STEP + 1;
        format!(
            r#"<rect class="{class}" x="{x}" y="{top}" width="{}" height="{tall}"><title>{title}</title></rect>"#,
            STEP - 2
        )
    };
    let drawn: String = bars.iter().enumerate().map(bar).collect();
    let width = bars.len() * STEP;
    format!(r#"{drawn}<line class="chart-line" x1="0" x2="{width}" y1="{zero}" y2="{zero}"></line>"#)
}

/// One share of a whole, as a bar that lies: beside words that say it.
#[component]
pub fn ShareBar(percent: i64) -> impl IntoView {
    let drawn = format!(
        r#"<rect class="chart-rest" width="100" height="1"></rect><rect class="chart-bar" width="{}" height="1"></rect>"#,
        percent.clamp(0, 100)
    );
    view! {
        <svg class="share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" inner_html=drawn></svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: &[i64]) -> Vec<Bar> {
        values.iter().map(|value| Bar { label: "<b>".into(), value: *value, words: value.to_string() }).collect()
    }

    #[test]
    fn bars_stand_on_the_line_and_hang_from_it() {
        let drawn = drawing(&bars(&[300, -100, 0]));
        for part in [
            r#"x="1" y="0" width="8" height="750">"#,
            r#"x="11" y="750" width="8" height="250">"#,
            r#"x="21" y="750" width="8" height="0">"#,
            r#"y1="750" y2="750""#,
        ] {
            assert!(drawn.contains(part), "{part} is not in {drawn}");
        }
        assert!(!drawn.contains("<b>"));
    }

    #[test]
    fn nothing_and_amounts_without_bound_are_drawn() {
        assert!(drawing(&bars(&[0, 0])).contains(r#"y1="0""#));
        assert!(drawing(&[]).contains("<line"));
        assert!(drawing(&bars(&[i64::MAX / 2, i64::MIN / 2 + 2])).contains("below"));
    }
}
