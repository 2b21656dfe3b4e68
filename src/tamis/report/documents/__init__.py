"""The report as a Word file and a PDF, and its figures as files: all set from the finished page."""

from tamis.report.documents.account_docx import account_docx, count_docx_digits
from tamis.report.documents.account_pdf import account_pdf, count_pdf_digits
from tamis.report.documents.making import DocumentSet, make_documents
from tamis.report.documents.typesetting import Faces, Imprint, faces_in

__all__ = [
    "DocumentSet",
    "Faces",
    "Imprint",
    "account_docx",
    "account_pdf",
    "count_docx_digits",
    "count_pdf_digits",
    "faces_in",
    "make_documents",
]
