//! Model files that cannot be true: what is wrong is said, whatever it is.

use goodwill::lifetime::{
    BgBb, BgCnbdK, ConstantRetention, Covariates, ModelFile, Sbg, Tenures, WithCovariates,
};
use goodwill::{BgNbd, GammaGamma, MbgNbd, TimeUnit};
use serde::Deserialize;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde_json::{Value, json};

use crate::assert_message;
use crate::covariates::cdnow;
use crate::support::day;
use crate::table::FLOATS;

fn bg_nbd() -> ModelFile<BgNbd> {
    ModelFile::new(BgNbd::fit(&cdnow()).unwrap(), Some(day(1997, 9, 30))).warning("a part of CDNOW")
}

fn with_covariates() -> ModelFile<WithCovariates<BgNbd>> {
    let histories = cdnow();
    let known: Vec<[f64; 1]> = (0..histories.len()).map(|i| [f64::from(i * 7 % 11 < 4)]).collect();
    let covariates = Covariates::new(&["friend"], &known).unwrap();
    ModelFile::new(WithCovariates::fit(&histories, &covariates).unwrap(), None)
}

fn value<M>(file: &ModelFile<M>) -> Value
where
    ModelFile<M>: serde::Serialize,
{
    serde_json::to_value(file).unwrap()
}

#[track_caller]
fn refused<M>(file: &Value, message: &str)
where
    ModelFile<M>: DeserializeOwned + std::fmt::Debug,
{
    let got = serde_json::from_value::<ModelFile<M>>(file.clone()).unwrap_err();
    assert_eq!(got.to_string(), message, "{file}");
}

#[test]
fn what_is_written_is_read() {
    let file = bg_nbd();
    let back: ModelFile<BgNbd> = serde_json::from_value(value(&file)).unwrap();
    assert_eq!(back, file);
    assert_eq!((back.as_of(), back.warnings().len()), (Some(day(1997, 9, 30)), 1));
    assert_eq!((back.fit(), ModelFile::<BgNbd>::VERSION), (file.fit(), 1));
    assert_eq!(back.into_fit(), file.into_fit());
}

/// Each key changed or gone.
#[test]
fn corrupted_files() {
    let good = value(&bg_nbd());
    let changed = |key: &str, to: Value| {
        let mut file = good.clone();
        file[key] = to;
        file
    };
    let table = [
        (
            "format",
            json!("pickle"),
            "format of the model file must lie in {goodwill-model}, but is pickle",
        ),
        ("version", json!(0), "version of the model file must lie in [1, 1], but is 0"),
        ("version", json!(2), "version of the model file must lie in [1, 1], but is 2"),
        (
            "model",
            json!("Prophet"),
            "there is no model Prophet; the models are BG/NBD, MBG/NBD, BG/CNBD-k, MBG/CNBD-k, Pareto/NBD, BG/NBD with \
             covariates, MBG/NBD with covariates, Pareto/NBD with covariates, BG/BB, Gamma-Gamma, sBG, \
             beta-discrete-Weibull, constant retention",
        ),
        ("model", json!("MBG/NBD"), "the model file holds a MBG/NBD model, not one of BG/NBD"),
        ("colour", json!("red"), "a model file has no key colour"),
        ("k", json!(2), "the BG/NBD model has no k"),
        ("covariates", json!(["friend"]), "the BG/NBD model has no covariates"),
        ("tie", json!("same"), "the BG/NBD model has no tie"),
        ("customers", json!(0), "customers must lie in [1, ∞), but is 0"),
        ("evaluations", json!(0), "evaluations must lie in [1, ∞), but is 0"),
        ("chosen", json!(1), "the data cannot have chosen 1 whole numbers of the BG/NBD model"),
        (
            "penalised_log_likelihood",
            json!(0.0),
            &format!(
                "penalised_log_likelihood must not exceed log_likelihood, but is 0, and that {}",
                good["log_likelihood"]
            ),
        ),
        // What serde says of the wrong type, in its own words.
        ("version", json!("1"), "invalid type: string \"1\", expected u32"),
        ("customers", json!(-1), "invalid value: integer `-1`, expected u64"),
        ("customers", json!(1.5), "invalid type: floating point `1.5`, expected u64"),
        ("log_likelihood", json!("many"), "invalid type: string \"many\", expected f64"),
        ("as_of", json!("1997-02-30"), "input is out of range"),
        (
            "unit",
            json!("fortnight"),
            "unknown variant `fortnight`, expected one of `day`, `week`, `month`, `year`",
        ),
        ("warnings", json!([1]), "invalid type: integer `1`, expected a string"),
    ];
    for (key, to, message) in table {
        refused::<BgNbd>(&changed(key, to), message);
    }
    for key in good.as_object().unwrap().keys().filter(|key| *key != "as_of") {
        let mut file = good.clone();
        file.as_object_mut().unwrap().remove(key);
        refused::<BgNbd>(&file, &format!("the model file lacks the key {key}"));
        refused::<BgNbd>(
            &changed(key, Value::Null),
            &format!("the model file lacks the key {key}"),
        );
    }
    for other in [json!(null), json!([]), json!("BG/NBD"), json!(1)] {
        let message = serde_json::from_value::<ModelFile<BgNbd>>(other).unwrap_err().to_string();
        assert!(message.starts_with("invalid type: "), "{message}");
    }
    let twice = good.to_string().replacen('{', "{\"version\":1,", 1);
    let message = serde_json::from_str::<ModelFile<BgNbd>>(&twice).unwrap_err().to_string();
    assert!(message.starts_with("duplicate field `version`"), "{message}");
    // A file of another version may have other keys; its version is what is said.
    let mut next = changed("version", json!(2));
    next["priors"] = json!({});
    next.as_object_mut().unwrap().remove("parameters");
    refused::<BgNbd>(&next, "version of the model file must lie in [1, 1], but is 2");
}

#[test]
fn corrupted_parameters() {
    let good = value(&bg_nbd());
    let parameters = |change: &dyn Fn(&mut Vec<Value>)| {
        let mut file = good.clone();
        change(file["parameters"].as_array_mut().unwrap());
        file
    };
    for number in FLOATS.into_iter().filter(|x| x.is_finite() && !(*x > 0.0)) {
        let file = parameters(&|list| list[1]["value"] = json!(number));
        refused::<BgNbd>(&file, &format!("alpha must lie in (0, ∞), but is {number}"));
    }
    refused::<BgNbd>(
        &parameters(&|list| list.swap(2, 3)),
        "parameter 3 of the BG/NBD model is a, but in the file it is b",
    );
    refused::<BgNbd>(
        &parameters(&|list| list[0]["covariate"] = json!("friend")),
        "parameter 1 of the BG/NBD model is r, but in the file it is r of friend",
    );
    refused::<BgNbd>(
        &parameters(&|list| list.truncate(3)),
        "parameters of the model and parameters of the file must have the same length, but have 4 and 3",
    );
    refused::<BgNbd>(
        &parameters(&|list| list[0]["error"] = json!(1.0)),
        "unknown field `error`, expected one of `name`, `covariate`, `value`",
    );
    refused::<BgNbd>(
        &parameters(&|list| list[0]["value"] = json!(null)),
        "invalid type: null, expected f64",
    );
    refused::<BgNbd>(
        &parameters(&|list| drop(list[0].as_object_mut().unwrap().remove("value"))),
        "missing field `value`",
    );
}

#[test]
fn corrupted_covariance() {
    let good = value(&bg_nbd());
    let entry = |i: usize, j: usize| good["covariance"][i][j].as_f64().unwrap();
    let changed = |i: usize, j: usize, to: f64| {
        let mut file = good.clone();
        file["covariance"][i][j] = json!(to);
        file
    };
    for variance in [0.0, -0.0, -1.0] {
        let message = format!("variance must lie in (0, ∞), but is {variance} (row 2)");
        refused::<BgNbd>(&changed(2, 2, variance), &message);
    }
    refused::<BgNbd>(
        &changed(1, 0, -entry(1, 0)),
        &format!(
            "the covariance must be symmetric, but alpha with r is {}, and the other way {}",
            -entry(1, 0),
            entry(0, 1)
        ),
    );
    let mut impossible = changed(1, 0, 2.0 * entry(1, 0));
    impossible["covariance"][0][1] = json!(2.0 * entry(1, 0));
    refused::<BgNbd>(&impossible, "the covariance gives a negative variance to some sum");
    let lengths = "parameters and covariance must have the same length, but have 4 and 3";
    let mut short = good.clone();
    short["covariance"].as_array_mut().unwrap().pop();
    refused::<BgNbd>(&short, lengths);
    let mut ragged = good.clone();
    ragged["covariance"][3].as_array_mut().unwrap().pop();
    refused::<BgNbd>(&ragged, lengths);
}

#[test]
fn corrupted_effects() {
    let good = value(&with_covariates());
    let changed = |key: &str, to: Value| {
        let mut file = good.clone();
        file[key] = to;
        file
    };
    let effect = |key: &str, to: Value| {
        let mut file = good.clone();
        file["parameters"][4][key] = to;
        file
    };
    refused::<WithCovariates<BgNbd>>(
        &changed("covariates", json!(["enemy"])),
        "there is no covariate friend; the covariates are enemy",
    );
    refused::<WithCovariates<BgNbd>>(
        &changed("covariates", json!(["friend", "friend"])),
        "there are two covariates friend",
    );
    refused::<WithCovariates<BgNbd>>(
        &changed("tie", json!("same")),
        "the BG/NBD with covariates model has no free effect on b",
    );
    refused::<WithCovariates<BgNbd>>(
        &effect("name", json!("effect on the weather")),
        "there is no effect effect on the weather",
    );
    refused::<WithCovariates<BgNbd>>(
        &effect("covariate", Value::Null),
        "an effect on the purchase rate must name its covariate",
    );
    refused::<WithCovariates<BgNbd>>(
        &effect("name", json!("effect on the dropout rate")),
        "the BG/NBD with covariates model has no free effect on the dropout rate",
    );
    refused::<WithCovariates<MbgNbd>>(
        &good,
        "the model file holds a BG/NBD with covariates model, not one of MBG/NBD with covariates",
    );
    // A covariate may be known to have no effect.
    let idle = changed("covariates", json!(["friend", "idle"]));
    let idle: ModelFile<WithCovariates<BgNbd>> = serde_json::from_value(idle).unwrap();
    assert_message(idle.fit().wald_test_of("idle"), "covariate idle acts on nothing");
    let mut none = changed("parameters", json!(good["parameters"].as_array().unwrap()[..4]));
    none["covariance"] = value(&bg_nbd())["covariance"].clone();
    none["log_likelihood"] = value(&bg_nbd())["log_likelihood"].clone();
    none["penalised_log_likelihood"] = none["log_likelihood"].clone();
    let none: ModelFile<WithCovariates<BgNbd>> = serde_json::from_value(none).unwrap();
    assert_message(
        none.fit().likelihood_ratio_test(bg_nbd().fit()),
        "the fits have as many parameters as each other",
    );
    // An effect known beyond all measure.
    let mut sure = effect("value", json!(1e300));
    for i in 0..7 {
        for j in 0..7 {
            sure["covariance"][i][j] = json!(if i == j { 1e-300 } else { 0.0 });
        }
    }
    let sure: ModelFile<WithCovariates<BgNbd>> = serde_json::from_value(sure).unwrap();
    let message = "Wald's test is undefined: the value leaves the range of f64";
    assert_message(sure.fit().effects()[0].wald_test(), message);
    assert_message(sure.fit().wald_test_of("friend"), message);
    for key in ["covariates", "tie"] {
        refused::<WithCovariates<BgNbd>>(
            &changed(key, Value::Null),
            &format!("the model file lacks the key {key}"),
        );
    }
}

#[test]
fn what_only_some_models_have() {
    let cohort = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468]).unwrap();
    let mut constant = value(&ModelFile::new(ConstantRetention::fit(&cohort).unwrap(), None));
    constant["parameters"][0]["value"] = json!(1.5);
    refused::<ConstantRetention>(&constant, "probability must lie in [0, 1], but is 1.5");
    let mut sbg = value(&ModelFile::new(Sbg::fit(&cohort).unwrap(), None));
    sbg.as_object_mut().unwrap().remove("unit");
    refused::<Sbg>(&sbg, "the model file lacks the key unit");
    refused::<BgBb>(&sbg, "the model file holds a sBG model, not one of BG/BB");
    refused::<GammaGamma>(&sbg, "the model file holds a sBG model, not one of Gamma-Gamma");

    let histories = cdnow();
    let fit = BgCnbdK::fit_at(&histories, 1, &goodwill::FitOptions::new()).unwrap();
    let good = value(&ModelFile::new(fit, None));
    for k in [0, 101] {
        let mut file = good.clone();
        file["k"] = json!(k);
        refused::<BgCnbdK>(&file, &format!("k must lie in [1, 100], but is {k}"));
    }
    let mut file = good.clone();
    file.as_object_mut().unwrap().remove("k");
    refused::<BgCnbdK>(&file, "the model file lacks the key k");
}

/// A value as other formats have it: numbers that JSON cannot write.
#[derive(Clone)]
enum Node {
    Json(Value),
    Number(f64),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    fn of(value: &Value) -> Self {
        match value {
            Value::Array(list) => Self::List(list.iter().map(Self::of).collect()),
            Value::Object(map) => {
                Self::Map(map.iter().map(|(key, value)| (key.clone(), Self::of(value))).collect())
            }
            other => Self::Json(other.clone()),
        }
    }

    fn at(&mut self, key: &str) -> &mut Self {
        match self {
            Self::List(list) => &mut list[key.parse::<usize>().unwrap()],
            Self::Map(map) => &mut map.iter_mut().find(|(own, _)| own == key).unwrap().1,
            _ => panic!("no {key}"),
        }
    }
}

impl IntoDeserializer<'_, serde_json::Error> for Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Node {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Self::Json(value) => value.deserialize_any(visitor),
            Self::Number(number) => visitor.visit_f64(number),
            Self::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Self::Map(map) => visitor.visit_map(MapDeserializer::new(map.into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Self::Json(Value::Null) => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self {
            Self::Json(value) => value.deserialize_enum(name, variants, visitor),
            other => other.deserialize_any(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

#[test]
fn numbers_that_json_cannot_write() {
    let read = |path: &[&str], number: f64| {
        let mut file = Node::of(&value(&with_covariates()));
        let place = path.iter().fold(&mut file, |node, key| node.at(key));
        *place = Node::Number(number);
        ModelFile::<WithCovariates<BgNbd>>::deserialize(file).unwrap_err().to_string()
    };
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let table = [
            (&["parameters", "0", "value"][..], format!("r must lie in (0, ∞), but is {number}")),
            (
                &["parameters", "5", "value"],
                format!("coefficient must lie in (-∞, ∞), but is {number} (row 1)"),
            ),
            (
                &["covariance", "2", "1"],
                format!("covariance must lie in (-∞, ∞), but is {number} (row 2)"),
            ),
            (&["log_likelihood"], format!("log_likelihood must lie in (-∞, ∞), but is {number}")),
            (
                &["penalised_log_likelihood"],
                format!("penalised_log_likelihood must lie in (-∞, ∞), but is {number}"),
            ),
        ];
        for (path, message) in table {
            assert_eq!(read(path, number), message);
        }
    }
}
