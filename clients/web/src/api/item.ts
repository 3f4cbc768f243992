// What is an item? The fields that the page shows, of notes, products and places.
export interface Item {
  id: string;
  name?: string;
  title?: string;
  body?: string;
  category?: string;
  lat?: number;
  lon?: number;
  city?: string;
  district?: string;
  area?: string;
  brand?: string;
  price?: number;
  price_per_person?: number;
  currency?: string;
  rating?: number;
  rating_count?: number;
  opening_hours?: string;
  published_at?: string;
  saves?: number;
  trust?: string;
  trust_why?: string[];
  poi_ids?: string[];
  product_ids?: string[];
}
