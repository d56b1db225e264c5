//! Scalars beyond the five of GraphQL. Each says where its format is written down.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime as Moment, FixedOffset, SecondsFormat};

/// An instant with the offset of the portal's time zone, such as `2021-05-17T09:00:00+08:00`. 时间
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DateTime(pub Moment<FixedOffset>);

/// An instant with the offset of the portal's time zone, such as `2021-05-17T09:00:00+08:00`. 时间
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Moment::parse_from_rfc3339(text).map(Self).map_err(|_| {
                InputValueError::custom("must be an RFC 3339 instant with offset, such as 2021-05-17T09:00:00+08:00")
            }),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        // Milliseconds only where there are any: most instants are whole seconds.
        let format = if self.0.timestamp_subsec_millis() == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
        // An offset has no seconds (RFC 3339, §5.6); before 1901 Shanghai kept the sun's time.
        if self.0.offset().local_minus_utc() % 60 != 0 {
            return Value::String(self.0.to_utc().to_rfc3339_opts(format, true));
        }
        Value::String(self.0.to_rfc3339_opts(format, false))
    }
}

macro_rules! text_scalar {
    ($(#[$doc:meta])* $name:ident, $graphql:literal, $source:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name(pub String);

        $(#[$doc])*
        #[Scalar(name = $graphql, specified_by_url = $source)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                match value {
                    Value::String(text) => Ok(Self(text)),
                    other => Err(InputValueError::expected_type(other)),
                }
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }
    };
}

text_scalar!(
    /// An absolute address. 网址
    Url, "URL", "https://url.spec.whatwg.org/"
);
text_scalar!(
    /// Sanitised HTML: safe to insert as it is. No scripts, styles, forms or frames.
    Html, "HTML", "https://html.spec.whatwg.org/"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_rfc_3339_whatever_the_offset() {
        let shown = |text: &str, offset: i32| {
            let offset = FixedOffset::east_opt(offset).expect("an offset");
            DateTime(Moment::parse_from_rfc3339(text).expect("an instant").with_timezone(&offset)).to_value()
        };
        assert_eq!(shown("2021-05-17T01:00:00Z", 8 * 3_600), Value::from("2021-05-17T09:00:00+08:00"));
        assert_eq!(shown("2021-05-17T01:00:00.5Z", 8 * 3_600), Value::from("2021-05-17T09:00:00.500+08:00"));
        // Shanghai's offset until 1901.
        assert_eq!(shown("1900-05-31T16:00:00Z", 8 * 3_600 + 343), Value::from("1900-05-31T16:00:00Z"));
    }
}
