"""The pages, one module a step of a review; ``tamis.web.routing`` lists them."""
