"""The words of reading a file: one sentence per code, saying what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from omni_core.i18n import N_, _, number

SENTENCES: dict[str, str] = {
    # refusals
    "empty_file": N_("The file is empty. Export it again from your shop and upload the new file."),
    "no_data_rows": N_("The file has a header but no rows under it. Choose a longer period when you export it."),
    "is_excel": N_("This is an Excel workbook under another name. Give it the ending .xlsx again and upload it."),
    "is_zip": N_("This is a packed file of a kind that Omni doesn't open. Unpack it and upload the CSV inside."),
    "is_zip_in_zip": N_("This is a packed file inside a packed file. Unpack it and upload the CSV inside."),
    "zip_locked": N_("This packed file asks for a password. Unpack it with the password and upload the CSV inside."),
    "zip_of_several": N_("This packed file doesn't hold just one table but: {names}. Unpack it and upload the tables you need."),
    "damaged_archive": N_("This packed file is damaged or was cut off. Download the export again."),
    "unpacks_too_large": N_("Unpacked, this file is larger than {limit} MB, far more than its size lets expect. Unpack it yourself, look at it, and upload the CSV inside."),
    "workbook_locked": N_("This workbook is protected by a password. Open it in Excel, save it without a password, and upload it again."),
    "damaged_workbook": N_("This workbook can't be opened; it is damaged or of an unknown kind. Open it in Excel and save it again as .xlsx or CSV UTF-8."),
    "sheet_too_large": N_("Sheet “{sheet}” has more than {limit} cells. Save it as CSV and upload that file."),
    "is_pdf": N_("This is a PDF, not a table. Export the same report as CSV."),
    "is_image": N_("This is a picture, not a table. Export the same report as CSV."),
    "is_html_table": N_("This is a table written as a web page, as some shop systems export it. Open it in Excel or WPS and save it as CSV or .xlsx."),
    "is_html": N_("This is a web page, not a table; the shop may have asked you to log in. Download the export again."),
    "is_json": N_("This is JSON, not a table. Export the same data as CSV."),
    "account_statement": N_("This is a statement of an account: money that goes out, fees and transfers stand among the sales. Export the orders from your shop instead."),
    "is_binary": N_("This is not a text file: it has bytes that no CSV has. Export it again as CSV."),
    "unreadable_path": N_("The file {name} can't be opened. Is it still there, and not open in Excel?"),
    "too_large": N_("The file has {size} MB; the limit is {limit} MB. Export a shorter period."),
    "out_of_memory": N_("The file needs more memory than Omni allows itself. Export a shorter period."),
    "too_many_columns": N_("The file has {found} columns; the limit is {limit}. Is the delimiter right?"),
    "line_too_long": N_("Line {line} is longer than {limit} characters. A quotation mark may be left open there; correct it and upload the file again."),
    "ga4_aggregated": N_("This is a report of sums from Google Analytics: it doesn't say who did what. Take the orders of your shop instead, or the events that Analytics exports to BigQuery."),
    "aggregated": N_("This is a report of sums (found: {found}): its rows are sums by day, product or campaign and don't say who did what. Export the orders or the events themselves."),
    "pivot": N_("Its columns are periods ({found}): this is a table of sums, not of what happened. Export the orders or rows that it was made from."),
    "orders_needed": N_("This file lists the products of orders, but not who bought and when. Import the file with the orders (order number, buyer, time) first, then this one."),
    "orders_needed_taobao_items": N_("This is the report of items (宝贝报表): it doesn't say who bought and when. Import the report of orders (订单报表) of the same days first, then this one."),
    "digits_lost": N_("Column “{column}”, line {line}: {value}. Excel has cut the digits of these numbers, so they can't be told apart. Export the file again and upload it without opening and saving it in Excel."),
    "dates_swapped": N_("Excel has swapped day and month in a part of column “{column}”: “{text}” stayed as text, but no date like “{date}” has a day above 12. Nothing was imported. Export the file again and upload it without opening and saving it in Excel."),
    "rows_disagree": N_("The file has {expected} rows but only {found} could be told apart. Look for stray quotation marks, or export the file again."),
    "too_many_rejects": N_("{rejected} of {rows} rows can't be used, most of them because of column “{column}”: {reason} Nothing was imported. Check which column means what, or export the file again."),
    "money_unread": N_("{unread} of {rows} cells of column “{column}” can't be read as money, for example “{example}”; the revenue would be too low. Nothing was imported. Choose another column for it or none, or write plain numbers into it."),
    "too_many_broken": N_("{rejected} of {rows} rows can't be used, most of them for this: {reason} Nothing was imported. A comma, or whatever parts the cells, may stand inside one without quotation marks; export the file again."),
    "missing_role": N_("No column says the {role}. Found: {found}. Export the file with that column, or say which column it is."),
    "unknown_answer": N_("“{value}” is not a possible answer for {field}."),
    "same_column_twice": N_("Column “{column}” was chosen for two meanings: {first} and {second}. Choose another one for one of them."),
    "no_table": N_("It isn't clear what this table holds. Found columns: {found}. Say what it is, or upload orders, behaviour, customers, products, campaign sends, reviews or messages."),
    "already_imported": N_("This very file was imported on {when} as {name}; nothing was added twice."),
    # rejects
    "empty": N_("The cell is empty."),
    "bad_time": N_("This is not a date or time that can be read."),
    "bad_number": N_("This is not a number."),
    "order_not_found": N_("The order of this line is not among the orders that were imported."),
    "bad_event": N_("This word for what happened is not known."),
    "short_row": N_("The row has fewer cells than the header."),
    "long_row": N_("The row has more cells than the header."),
    "bad_bytes": N_("The row has bytes that are no letters in this file's encoding."),
    "quote_open": N_("A quotation mark that opens in this row is never closed."),
    "cell_too_long": N_("The row is longer than any row of a table; a quotation mark may be left open in it."),
    "broken_row": N_("The row's quotation marks don't match."),
    # exclusions
    "totals_row": N_("Row of totals"),
    "already_in_store": N_("Already there from an earlier file"),
    "duplicate": N_("The same line twice in this file"),
    "footer_line": N_("Line of text in or under the table"),
    "hint_row": N_("Row under the header that explains the columns"),
    "repeated_header": N_("The header again, in the middle of the file"),
    "other_event": N_("Something else happened than what Omni counts"),
    "blank_row": N_("Row without any cell that is used"),
    "no_goods": N_("Row of a product's further picture or the like: no number, name or price"),
    "file_not_imported": N_("Left out with the whole file"),
    # cleaned
    "excel_text": N_("Excel's =\"…\" removed"),
    "leading_mark": N_("Leading apostrophe, backtick or tab removed"),
    "money_sign": N_("Currency sign or thousands separator removed"),
    "name_for_id": N_("Product number empty: its name was taken"),
    "other_id": N_("Cell that names the shopper empty: the shop's own number was taken"),
    "nobody": N_("Word for a guest, counted as nobody"),
    "filled_down": N_("Row whose order number, time or buyer stands on a row above"),
    "variants": N_("Variant whose name stands on the row above"),
    "packed_cells": N_("Cell of several products taken apart"),
    "decimal_zero": N_("“.0” at the end of a number used as a code removed"),
    "optional_time": N_("Unreadable time left empty"),
    "optional_number": N_("Unreadable number left empty"),
    "optional_word": N_("Unknown word left empty"),
    "impossible_age": N_("Impossible age left empty"),
    "unknown_age": N_("Word that says no age left empty"),
    "excel_fault": N_("Excel's error word (#N/A …) left empty"),
    "rating_words": N_("Rating in words read as 5, 3 or 1"),
    "discount_taken": N_("Discount taken off sums that still held it"),
    "age_words": N_("Age read from words or a birth year"),
    # parts of the bridge from a column of money to the revenue
    "part_rejected": N_("Rows that can't be used"),
    "part_other_event": N_("Rows of what Omni doesn't count"),
    "part_duplicate": N_("Lines that stand twice in the file"),
    "part_already_in_store": N_("Rows already there from an earlier file"),
    "part_unpaid": N_("Orders not paid"),
    "part_cancelled": N_("Orders cancelled"),
    "part_refunded": N_("Orders refunded in full"),
    "part_shipping": N_("Shipping, no part of the revenue"),
    "part_line_shipping": N_("Shipping, no part of the revenue"),
    "part_discount": N_("Discounts that the sums still held"),
    "part_refund_rows": N_("Refunds written without a minus sign"),
    "part_refunds": N_("Refunds of parts of an order"),
    "part_repeated": N_("Order amounts that stand on several lines"),
    "part_lines": N_("Orders without a total: their lines"),
    "part_no_sale": N_("Rows that are no sale"),
    # notes
    "packed_cells_split": N_("Rows that list several products: {rows}. They became {products} order lines; the order's money stays whole."),
    "total_differs": N_("The file's own total of “{column}” is {said}, but its rows add up to {summed}, a difference of {gap}. Check whether rows are missing from the export."),
    "refund_above_order": N_("Orders whose refund is larger than what was paid: {orders}. They lower the revenue."),
    "sums_by_currency": N_("Revenue by currency: {sums}. Currencies are never added up."),
    "remembered": N_("What you decided about such a file before was applied again."),
    "no_buyer": N_("No column says who bought, so the file counts in sales, hours and products; shoppers, recommendations and ads can't use it."),
    "no_product": N_("No column says which product, so recommendations and the list of products can't use this file."),
    "no_items": N_("The file lists orders without their products: recommendations and the list of products need the order lines too."),
    "etsy_items_too": N_("The file lists orders without their products. For recommendations bring “Sold Order Items” of the same period too."),
    "taobao_items_too": N_("The file lists orders without their products. For recommendations bring the report of items (宝贝报表) of the same days too."),
    "no_answers": N_("No column says who answered (a coupon used, a click, an order), so Ads has nothing to learn from these sends. Export the file with that column, for example “used” or “used at”."),
    "remark_rows": N_("Remarks below the table were left out (line: text): {list}"),
    "no_birth_year": N_("Birthdays without a year in “{column}”: {rows}. They tell no age and were left out; nothing is wrong with those rows."),
    "ratings_in_words": N_("Ratings given as a word (好评, 中评, 差评 or positive, neutral, negative): {rows}. They were read as 5, 3 and 1 stars; you can switch that off under “What was repaired or left out”."),
    "quotes_as_text": N_("Rows with quotation marks inside a cell that were not doubled: {rows}. They were read as part of the text."),
    "filled_short": N_("Rows that end early, without the empty cells at their end: {rows}. Those cells were read as empty."),
    "in_units": N_("Column “{column}” counts in units of {by}; its numbers were multiplied by that."),
    "in_cents": N_("Column “{column}” counts in hundredths; its numbers were divided by 100."),
    "other_events": N_("Rows left out because of what happened in them: {words}. You can say what such a word means."),
    "nuls_removed": N_("Empty bytes (NUL) taken out: {count}."),
    "other_sheets": N_("Sheet “{sheet}” was read; other sheets with cells: {others}. To read one of them too, bring the file once more after the import."),
    "merged_cells": N_("Cells merged over several rows: {cells}. Only the first row of each has the value."),
    "no_header_row": N_("The file has no row of column names; the columns are called #1, #2 … and told by their cells."),
    "trailing_comma": N_("The rows end with a delimiter; the empty column after it is ignored."),
    "zone": N_("Times without a zone were read as {zone} time."),
    "title_lines": N_("Lines above the header, skipped: {lines}."),
    "anonymous_people": N_("The file names no shoppers: each row counts as one person without a name."),
    "rows_without_user": N_("Rows that name no shopper: {rows}. They count in the totals, not among shoppers."),
    "hashed_ids": N_("Shoppers are named by e-mail or phone in this file; they were replaced by codes, so nobody can be recognised."),
    "personal_left_out": N_("Columns with personal data were not read: {columns}."),
    "personal_coded": N_("Of {columns} only a code is kept, to tell that two files mean one person."),
    "personal_kept": N_("{columns} are kept for audiences, apart from everything else."),
    "forgotten": N_("Of a customer who was forgotten"),
    "disk_full": N_("The disk with {folder} is full. Nothing was imported; make room and try again."),
    "store_damaged": N_("The file {name} of this workspace is damaged. Nothing was imported; restore a backup on the page “Privacy and backups”."),
    "folder_not_writable": N_("Omni can't write into {folder}. Nothing was imported; change its permissions."),
    "not_used": N_("Columns not used: {columns}."),
    "discount_rates": N_("The discounts of this file are shares (10%, 0.9), not sums of money. They were not taken off: say which column is what was paid."),
    "discount_unclear": N_("It isn't clear whose discount it is: many are larger than the line they stand on. They were not taken off; check the revenue."),
    "refund_rows": N_("Rows with a negative amount or quantity, read as refunds: {rows}."),
    "echoes": N_("Purchases of a log that are orders of another file too, counted once: {rows}."),
    "no_money": N_("No column is read as money, so these sales count with an amount of 0. Say under “Which column means what” which column it is."),
    "all_purchases": N_("No column says what happened, so each row counts as a purchase."),
    "no_order_number": N_("No column is read as the order number, so order states and refunds are not counted: unpaid, cancelled and refunded lines count as sales. Say under “Which column means what” which column it is."),
    "orders_updated": N_("Orders that were already there and have changed since, brought up to date: {rows}."),
    "rows_updated": N_("Rows that were already there and have changed since, brought up to date: {rows}."),
    "masked_buyers": N_("Some shopper names are masked with *; different people may look like one."),
    "future_times": N_("Rows that lie in the future: {rows}. Check the date column."),
    "several_currencies": N_("Your data have several currencies ({currencies}). Sums use {main} only; nothing is converted."),
    "status_unknown": N_("Order states not known, counted as paid: {words}."),
    # questions
    "question_role": N_("Which column is the {field}?"),
    "question_table": N_("What does this file hold?"),
    "question_date_order": N_("In column “{column}” a date like {example} can be read in two ways. Which is right?"),
    "question_decimal_mark": N_("In column “{column}” numbers like {example} can be read in two ways. Which mark comes before the decimals?"),
    "question_sheet": N_("The workbook has {sheets} sheets with a table. Which one should be read?"),
    "question_join_with": N_("The file lists products of orders without buyer and time. {file} knows {found} of its {wanted} orders. Take both from there?"),
    "question_total_of": N_("In {varied} of {orders} orders of several lines, “{column}” differs from line to line; in the others it is the same. Is it the amount of the line or of the whole order?"),
    "question_event_word": N_("In column “{column}”, {rows} rows say “{word}”. What did the shopper do?"),
    # reasons of a guess
    "reason_platform": N_("this platform's exports have it there"),
    "reason_header": N_("the column's name says so"),
    "reason_similar_header": N_("the column's name is close"),
    "reason_values": N_("its cells look like it"),
    "reason_answer": N_("you said so"),
    # statuses
    "status_ready": N_("Ready to import"),
    "status_imported": N_("Imported"),
    "status_needs_answers": N_("Needs your answer"),
    "status_refused": N_("Can't be imported"),
    "status_already_imported": N_("Already imported"),
}


def sentence(code: str, values: Mapping[str, Any] | None = None) -> str:
    """Return the words of a code in the language of the context; an unknown code is returned.

    Values named ``role`` or ``field`` are names of roles and are shown by their labels.
    """
    from omni_core.columns import ROLES

    template = SENTENCES.get(code)
    if template is None:
        return code
    shown = {key: number(value) if isinstance(value, int) and not isinstance(value, bool) and (
        key != "line") else value for key, value in (values or {}).items()}
    for key in ("role", "field", "first", "second"):
        role = ROLES.get(str(shown.get(key)))
        if role:
            shown[key] = _(role.label)
    said = _(template).format(**shown)
    return said if "closest" not in shown else _(
        "{sentence} The name most like it is “{closest}”.").format(
            sentence=said, closest=shown["closest"])
