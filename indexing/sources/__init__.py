"""Which file formats can items come from? One reader per format, one mapping file per source."""
