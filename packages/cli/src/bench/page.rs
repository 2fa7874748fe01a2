//! The records as one page without anything to fetch: a table and bars.

use super::record::Record;
use super::reference::Reference;
use std::fmt::Write;

/// Steps of an answer and their colours.
const STEPS: [(&str, &str); 4] = [("load", "#64748b"), ("encode", "#0ea5e9"), ("prefill", "#10b981"), ("decode", "#f59e0b")];

pub(super) fn html(records: &[Record], reference: Option<&Reference>) -> String {
    let mut rows = String::new();
    for r in records {
        let optional = |value: Option<f64>, digits: usize| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"));
        let cells = [
            escaped(&r.model),
            escaped(&r.point),
            r.page_cache.to_owned(),
            format!("{:.1}", r.total_millis),
            r.tokens.to_string(),
            format!("{:.1}", r.tokens_per_sec),
            optional(r.anonymous_peak_bytes.map(|bytes| bytes / 1e6), 1),
            optional(r.file_peak_bytes.map(|bytes| bytes / 1e6), 1),
            optional(r.energy_joules, 2),
            optional(r.accuracy, 3),
        ];
        let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        rows += &format!("<tr>{cells}</tr>\n");
    }
    let reference = match reference.and_then(|reference| reference.answer_tokens_per_sec) {
        Some(rate) => format!("llama-mtmd-cli on the first pair: {rate:.1} tokens/s"),
        None => "llama-mtmd-cli was not on PATH".to_owned(),
    };
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>vedette bench</title>\n\
         <style>body{{font:15px system-ui;margin:2em;max-width:70em}}td,th{{padding:.2em .7em;text-align:right}}td:first-child,td:nth-child(2){{text-align:left}}</style>\n\
         <h1>vedette bench</h1>\n<p>Medians. Memory is the peak of a process of its own. {reference}.</p>\n\
         <h2>Time, ms</h2>\n{}\n<h2>Peak memory, MB (anonymous dark, mapped file light)</h2>\n{}\n\
         {}<table><tr><th>model<th>settings<th>page cache<th>total ms<th>tokens<th>tokens/s<th>anonymous MB<th>file MB<th>joules<th>accuracy</tr>\n{rows}</table></html>\n",
        times(records),
        memory(records),
        accuracy(records)
    )
}

fn times(records: &[Record]) -> String {
    let parts = |r: &Record| {
        STEPS.map(|(_, colour)| colour).into_iter().zip([r.load_millis, r.encode_millis, r.prefill_millis, r.decode_millis]).collect()
    };
    let legend: String = STEPS.iter().map(|(name, colour)| format!("<span style=\"color:{colour}\">&#9632; {name}</span> ")).collect();
    format!("<p>{legend}</p>{}", bars(records, &parts))
}

fn memory(records: &[Record]) -> String {
    let of = |value: Option<f64>| value.unwrap_or_default() / 1e6;
    bars(records, &|r| vec![("#334155", of(r.anonymous_peak_bytes)), ("#94a3b8", of(r.file_peak_bytes))])
}

/// What settings, quantisation, temperature and longest answer are worth, where labelled pictures were judged.
fn accuracy(records: &[Record]) -> String {
    let Some(pictures) = records.iter().filter(|r| r.accuracy.is_some()).map(|r| r.pictures).max() else { return String::new() };
    let plot = bars(records, &|r| vec![("#8b5cf6", r.accuracy.unwrap_or_default() * 100.0)]);
    format!("<h2>Right verdicts of {pictures} pictures, %</h2>\n{plot}\n")
}

/// One bar a record, its parts in a row.
fn bars(records: &[Record], parts: &dyn Fn(&Record) -> Vec<(&'static str, f64)>) -> String {
    const WIDTH: f64 = 640.0;
    let sum = |r: &Record| parts(r).iter().map(|(_, value)| value).sum::<f64>();
    let most = records.iter().map(sum).fold(1e-9, f64::max);
    let mut svg = format!("<svg width=\"1000\" height=\"{}\" role=\"img\">", records.len() * 26 + 6);
    for (index, r) in records.iter().enumerate() {
        let (y, mut x) = (index * 26 + 4, 0.0);
        for (colour, value) in parts(r) {
            let width = value / most * WIDTH;
            // Writing to a string does not fail.
            let _ = write!(svg, "<rect x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"20\" fill=\"{colour}\"/>");
            x += width;
        }
        let label = escaped(&format!("{:.1}  {} {} {}", sum(r), r.model, r.point, r.page_cache));
        let _ = write!(svg, "<text x=\"{:.1}\" y=\"{}\" font-size=\"12\">{label}</text>", x + 6.0, y + 15);
    }
    svg + "</svg>"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
