"""How many papers a second: `python -m tests.load.bench --only papers`. Prints, never fails."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from portail.adapters.pdf import InvoicePaper, invoice_pdf
from tests.adapters.test_papers import invoice, line
from tests.load.measures import at, busy

COUNT, GOAL = 200, 40


def measure() -> None:
    """Invoices of two children, twelve lines, each different; then one of two hundred lines."""
    papers = [_paper(number, 6) for number in range(COUNT)]
    invoice_pdf(papers[0])  # fonts and templates
    began, used, times = time.perf_counter(), time.process_time(), list[float]()
    for paper in papers:
        each = time.perf_counter()
        invoice_pdf(paper)
        times.append(time.perf_counter() - each)
    rate = COUNT / (time.perf_counter() - began)
    cpu = (time.process_time() - used) / COUNT * 1000
    print(
        f"\nPDF, un fil ({busy()}) : {rate:.0f} factures de 12 lignes par seconde "
        f"(objectif {GOAL}), p50 {at(times, 0.5) * 1000:.0f} ms, "
        f"p95 {at(times, 0.95) * 1000:.0f} ms, processeur {cpu:.0f} ms"
    )
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(invoice_pdf, papers[:4]))  # a compiler for each thread
        fresh = [_paper(number, 6) for number in range(COUNT, 2 * COUNT)]
        began = time.perf_counter()
        list(pool.map(invoice_pdf, fresh))
    rate = COUNT / (time.perf_counter() - began)
    print(f"  deux fils (typst rend le verrou de Python) : {rate:.0f} par seconde")
    began = time.perf_counter()
    size = len(invoice_pdf(_paper(2 * COUNT, 100)))
    print(f"  une facture de 200 lignes : {(time.perf_counter() - began) * 1000:.0f} ms, {size} o")


def _paper(number: int, each: int) -> InvoicePaper:
    lines = [
        line(child, f"Repas du {number} ({place})", 1 + place % 4, 350 + number)
        for child in ("Nora", "Sami")
        for place in range(each)
    ]
    return replace(invoice(*lines), number=f"2026-ACC-{number:06d}")
