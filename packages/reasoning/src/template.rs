//! The model's own chat template, as it stands in its GGUF file (Jinja2, the dialect of Hugging Face transformers).

use minijinja::{Environment, Error, ErrorKind, context, syntax::SyntaxConfig};

/// A chat template that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The template does not parse.
    #[error("the model's chat template does not parse: {detail}; check `tokenizer.chat_template` in the GGUF file")]
    Syntax {
        /// What the template engine said.
        detail: String,
    },
    /// The template parses and fails on one user message.
    #[error("the model's chat template fails on a user message: {detail}; check `tokenizer.chat_template` in the GGUF file")]
    Render {
        /// What the template engine or the template itself said.
        detail: String,
    },
    /// The rendered text lost or repeated the place of the image.
    #[error("the model's chat template rendered the image marker {count} times instead of once: it cannot be used with pictures")]
    Marker {
        /// How often the marker stands in the rendered prompt.
        count: usize,
    },
}

/// A parsed chat template.
#[derive(Debug)]
pub struct ChatTemplate {
    environment: Option<Environment<'static>>,
}

const NAME: &str = "chat";

impl ChatTemplate {
    /// Parses the template text of a model.
    ///
    /// # Errors
    /// [`TemplateError::Syntax`].
    pub fn new(source: &str) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        // The settings under which transformers compiles templates, and the Python methods and functions they rely on.
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| TemplateError::Syntax { detail: error.to_string() })?);
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
        // A prompt must not depend on the date: templates that ask for it get none.
        environment.add_function("strftime_now", |_format: String| String::new());
        // A template is foreign code: a bound on its work instead of an endless loop.
        environment.set_recursion_limit(64);
        environment.set_fuel(Some(1_000_000));
        environment.add_template_owned(NAME, source.to_owned()).map_err(|error| TemplateError::Syntax { detail: error.to_string() })?;
        Ok(Self { environment: Some(environment) })
    }

    /// Leaves the message as it is: for runs that repeat recorded completions, where no model is at hand.
    pub fn verbatim() -> Self {
        Self { environment: None }
    }

    /// One user turn and the opening of the model's turn. BOS is left out: the tokenizer adds it according to the model's own flag.
    ///
    /// # Errors
    /// [`TemplateError::Render`], [`TemplateError::Marker`].
    pub fn render(&self, message: &str) -> Result<String, TemplateError> {
        let Some(environment) = &self.environment else { return Ok(message.to_owned()) };
        let fault = |error: Error| TemplateError::Render { detail: error.to_string() };
        let rendered = environment
            .get_template(NAME)
            .map_err(fault)?
            .render(context! {
                messages => [context! { role => "user", content => message }],
                add_generation_prompt => true,
                bos_token => "",
                eos_token => "",
            })
            .map_err(fault)?;
        match rendered.matches(crate::MEDIA_MARKER).count() {
            1 => Ok(rendered),
            count => Err(TemplateError::Marker { count }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_template_says_so() {
        let error = ChatTemplate::new("{% for m in messages %}").unwrap_err().to_string();
        assert!(error.contains("does not parse") && error.contains("tokenizer.chat_template"), "{error}");
    }

    #[test]
    fn a_template_can_refuse_and_its_words_are_kept() {
        let template = ChatTemplate::new("{{ raise_exception('no pictures here') }}").unwrap();
        assert!(template.render("<__media__>").unwrap_err().to_string().contains("no pictures here"));
    }

    #[test]
    fn a_template_that_drops_the_image_is_refused() {
        let template = ChatTemplate::new("{{ messages[0]['content'].split('<__media__>')[0] }}").unwrap();
        assert!(matches!(template.render("a <__media__> b"), Err(TemplateError::Marker { count: 0 })));
    }
}
