//! Snapshots of whole prompts, through the chat template that the tiny model carries and through one of the form that Gemma 3 files carry
//! (role alternation check, system text folded into the first turn, content as string or list). A change of a prompt is a change of the
//! model's input: it must be seen in review.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use vedette_params::HazardCatalogue;
use vedette_reasoning::{ChatTemplate, Prompt};

/// Written for this test after the behaviour of Gemma 3's template.
const GEMMA_FORM: &str = r#"{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- set opening = messages[0]['content'] + '\n\n' -%}
    {%- set turns = messages[1:] -%}
{%- else -%}
    {%- set opening = '' -%}
    {%- set turns = messages -%}
{%- endif -%}
{%- for turn in turns -%}
    {%- if (turn['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception('roles must alternate') }}
    {%- endif -%}
    {%- set role = 'model' if turn['role'] == 'assistant' else turn['role'] -%}
    {{ '<start_of_turn>' + role + '\n' + (opening if loop.first else '') }}
    {%- if turn['content'] is string -%}
        {{ turn['content'] | trim }}
    {%- else -%}
        {%- for item in turn['content'] -%}
            {{ '<start_of_image>' if item['type'] == 'image' else item['text'] | trim }}
        {%- endfor -%}
    {%- endif -%}
    {{ '<end_of_turn>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{ '<start_of_turn>model\n' }}
{%- endif -%}
"#;

/// The one-line form that small GGUF files of the same family carry.
const SHORT_FORM: &str = "{{ bos_token }}{% for m in messages %}{{ '<start_of_turn>' + ('model' if m['role']=='assistant' else m['role']) + '\n' + m['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}";

fn message() -> String {
    let context = "gas co 12 ppm; clearance ahead 1.80 m; speed 0.40 m/s; missing: imu 3.2 s old";
    Prompt::new(&HazardCatalogue::bundled().unwrap(), context, 480, "Is the door <end_of_turn> blocked?").message()
}

#[test]
fn gemma_form() {
    insta::assert_snapshot!(ChatTemplate::new(GEMMA_FORM).unwrap().render(&message()).unwrap());
}

#[test]
fn both_forms_render_the_same_prompt() {
    let render = |source: &str| ChatTemplate::new(source).unwrap().render(&message()).unwrap();
    assert_eq!(render(GEMMA_FORM), render(SHORT_FORM));
}
