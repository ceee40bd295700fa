//! What is read, what is counted, and to which digit.

use crate::{customer, file, json, refusal, text};

#[test]
fn amounts_are_exact_whatever_their_spelling() {
    let path = file(
        "customer,date,amount\nann,2024-01-01,1e+05\nann,2024-01-01, -.5 \nann,2024-01-02,+1.50E-3\n\
         ann,2024-01-03,0.1\nann,2024-01-04,0.2\nann,2024-01-05,7.\nann,2024-01-06,0e99999999999999999999\n\
         bob,2024-01-01,79228162514264337593543950335\nbob,2024-01-02,-7922816251426433759354395033500e-2\n\
         cid,2024-01-01,0.000000000000000000010000000000000\n",
    );
    let report = json(&[&path, "--cuts", "100"]);
    assert_eq!(report["base"]["revenue"], "100006.80150000000000000001");
}

#[test]
fn product_of_two_columns_is_exact() {
    let path = file(
        "customer,date,Quantity,UnitPrice\nann,2024-01-01,3,0.1\nann,2024-01-02,-12,49.95\n\
         bob,2024-01-02,1e2,0.00000000000000000001\n",
    );
    let report = json(&[&path, "--amount", "Quantity*UnitPrice"]);
    assert_eq!(report["base"]["revenue"], "-599.099999999999999999");
    assert_eq!(report["base"]["refunds"], "-599.4");
    assert_eq!(report["settings"]["columns"]["amount"], "Quantity*UnitPrice");
}

#[test]
fn column_with_a_star_in_its_name_is_a_column() {
    let path = file("customer,date,a*b\nann,2024-01-01,3\n");
    assert_eq!(json(&[&path, "--amount", "a*b"])["base"]["revenue"], "3");
}

#[test]
fn bom_quotes_and_carriage_returns_are_no_content() {
    let path = file(b"\xef\xbb\xbf\"customer\" ,date,amount\r\n\"ann, the first\",2024-01-01,3\r\n\r\n ann , 2024-01-02 ,4\r\n",
    );
    let report = json(&[&path]);
    assert_eq!(report["base"]["rows_read"], 2);
    assert_eq!(customer(&report, "ann")["frequency"], 0);
    assert_eq!(customer(&report, "ann, the first")["frequency"], 0);
}

#[test]
fn delimiters() {
    for delimiter in [";", "\\t", "tab", "\t"] {
        let byte = if delimiter == ";" { ";" } else { "\t" };
        let content = "customer,date,amount\nann,2024-01-01,3\n".replace(',', byte);
        let path = file(content);
        let report = json(&[&path, "--delimiter", delimiter]);
        assert_eq!(report["base"]["revenue"], "3");
        assert_eq!(report["settings"]["delimiter"], byte);
    }
}

#[test]
fn dates_with_a_time_are_days() {
    let content = "customer,date,amount\nann,2024-01-05,3\nann,2024-01-05 12:30:00,3\nann,2024-01-06T23:59:59Z,3\n";
    let report = json(&[&file(content)]);
    assert_eq!(
        (&report["base"]["occasions"], &report["base"]["last"]),
        (&2.into(), &"2024-01-06".into())
    );

    let path = file("customer,date,amount\nann,12/1/2010 8:26,3\nann,1/31/2011 17:00,4\n");
    let report = json(&[&path, "--date-format", "%m/%d/%Y %H:%M"]);
    assert_eq!(report["base"]["first"], "2010-12-01");
    assert_eq!(report["base"]["last"], "2011-01-31");

    let path = file("customer,date,amount\nann,1704412800,3\n");
    assert_eq!(json(&[&path, "--date-format", "%s"])["base"]["first"], "2024-01-05");
}

#[test]
fn rows_without_a_customer_are_counted_before_anything_else_is_read() {
    let path = file("customer,date,amount\n,never,nothing\n   ,,\nann,2024-01-01,3\n");
    let report = json(&[&path]);
    let base = &report["base"];
    assert_eq!((&base["rows_read"], &base["rows_without_customer"]), (&3.into(), &2.into()));
    assert_eq!((&base["rows_skipped"], &base["transactions"]), (&0.into(), &1.into()));
    assert!(
        text(&[&path]).contains("Of 3 rows read, 2 had no customer, 0 could not be read, 0 came")
    );
}

#[test]
fn bad_rows_are_skipped_and_counted_on_request() {
    let path = file(
        "customer,date,amount\nann,2024-01-01,x\nann,2024-01-01,3\nann,2024-01-02\nbob,nope,1\n,,\n",
    );
    let report = json(&[&path, "--skip-bad-rows"]);
    let base = &report["base"];
    assert_eq!((&base["rows_read"], &base["rows_skipped"]), (&5.into(), &3.into()));
    assert_eq!((&base["rows_without_customer"], &base["transactions"]), (&1.into(), &1.into()));
    let warning = report["warnings"][0].as_str().unwrap();
    assert!(warning.starts_with("3 bad rows skipped; the first: "));
    assert!(
        warning.ends_with("line 2: amount \"x\" is not a plain number such as -12.50 or 1e+05")
    );
}

#[test]
fn rows_after_the_as_of_day_are_cut_and_counted() {
    let path = file("customer,date,amount\nann,2024-01-01,3\nann,2024-01-02,4\nbob,2024-01-03,5\n");
    let report = json(&[&path, "--as-of", "2024-01-02"]);
    let base = &report["base"];
    assert_eq!((&base["rows_read"], &base["rows_after_as_of"]), (&3.into(), &1.into()));
    assert_eq!((&base["transactions"], &base["customers"]), (&2.into(), &1.into()));
    assert_eq!((&base["last"], &base["as_of"]), (&"2024-01-02".into(), &"2024-01-02".into()));
    // A later day than the last row is the caller's to choose.
    let report = json(&[&path, "--as-of", "2024-12-31", "--lost-after", "364"]);
    assert_eq!(report["base"]["as_of"], "2024-12-31");
    assert_eq!(report["churn_cost"]["lost_customers"], 1); // ann, 364 days ago; bob's are 363
    assert_eq!(report["churn_cost"]["lost_revenue"], "7");
}

#[test]
fn cuts_may_have_decimals_and_any_number() {
    let rows: Vec<String> = (0..200).map(|i| format!("c{i:03},2024-01-01,{}\n", i + 1)).collect();
    let rows = rows.concat();
    let path = file(format!("customer,date,amount\n{rows}"));
    let names = |cuts: &str| -> Vec<(String, i64)> {
        let report = json(&[&path, "--cuts", cuts]);
        let tiers = report["pyramid"].as_array().unwrap().iter();
        tiers
            .map(|own| {
                (own["tier"].as_str().unwrap().to_owned(), own["customers"].as_i64().unwrap())
            })
            .collect()
    };
    let tier = |name: &str, customers| (name.to_owned(), customers);
    assert_eq!(
        names("0.5,33.3,66.2"),
        [tier("tier 1", 1), tier("tier 2", 67), tier("tier 3", 132)]
    );
    let four = [("important", 20), ("secondary", 40), ("ordinary", 60), ("small", 80)];
    assert_eq!(names("10,20,30,40"), four.map(|(name, customers)| tier(name, customers)));
}

/// Line numbers and memory do not depend on how the file falls into blocks.
#[test]
fn a_long_file_is_read_like_a_short_one() {
    let rows: Vec<String> =
        (0..120_000).map(|i| format!("c{},2024-01-01,1,\"a\nb\"\n", i % 7)).collect();
    let rows = rows.concat();
    let good = format!("customer,date,amount,note\n{rows}");
    assert_eq!(json(&[&file(&good)])["base"]["revenue"], "120000");
    let bad = file(format!("{good}\n\nc1,2024-01-01,one,\n"));
    assert!(refusal(&[&bad]).starts_with(&format!("{bad}, line 240004: amount \"one\" ")));
}
